package org.emrexhub.catalog;

import java.nio.file.Path;
import java.time.Instant;
import javax.net.ssl.SSLContext;

/**
 * The certificate by which the hub shows itself to a register or system in TLS (RFC 8446, 4.4.2), read at the start from
 * the PKCS#12 file that a setting names.
 *
 * <p>No record: nothing may print its key.
 */
public final class ClientCertificate {

    private final String setting;
    private final String file;
    private final Instant expiresAt;
    private final SSLContext context;

    ClientCertificate(String setting, String file, Instant expiresAt, SSLContext context) {
        this.setting = setting;
        this.file = file;
        this.expiresAt = expiresAt;
        this.context = context;
    }

    /** The setting that names the file. */
    public String setting() {
        return setting;
    }

    /** The setting's value, by which a route names the certificate. */
    public String file() {
        return file;
    }

    /** When its validity is over. */
    public Instant expiresAt() {
        return expiresAt;
    }

    /** What connections are made with. */
    public SSLContext context() {
        return context;
    }

    /** Whether the file lies in this folder. */
    public boolean isBelow(Path folder) {
        return Path.of(file).toAbsolutePath().normalize().startsWith(folder);
    }
}
