package org.emrexhub.cli;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.stream.Stream;
import org.emrexhub.catalog.Fault;
import org.springframework.core.env.Environment;

/** Profile demo has a password that everybody knows, and so answers on this machine only. */
final class DemoAddress {

    private DemoAddress() {}

    /** The addresses that others could reach, one sentence each. */
    static List<Fault> faults(Environment environment) {
        return Stream.of("server.address", "management.server.address")
                .filter(key -> !isLoopback(environment.getProperty(key, "127.0.0.1")))
                .map(key -> Fault.of(key + " must be 127.0.0.1 in profile demo, whose users have a known password;"
                        + " without the profile the hub may answer elsewhere."))
                .toList();
    }

    private static boolean isLoopback(String address) {
        try {
            return !address.isBlank() && InetAddress.getByName(address).isLoopbackAddress();
        } catch (UnknownHostException unknown) {
            return false;
        }
    }
}
