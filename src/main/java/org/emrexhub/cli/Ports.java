package org.emrexhub.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.emrexhub.catalog.Fault;
import org.springframework.core.env.Environment;

/** The ports that the hub will listen on. The server would find out itself, but only when all else has been started. */
final class Ports {

    private Ports() {}

    /** The ports that somebody else has, one sentence each. */
    static List<Fault> faults(Environment environment) {
        List<Fault> faults = new ArrayList<>();
        for (String prefix : List.of("server.", "management.server.")) {
            int port = environment.getProperty(prefix + "port", Integer.class, 0);
            String address = environment.getProperty(prefix + "address", "");
            if (port > 0 && !isFree(address, port)) {
                faults.add(inUse(port, prefix + "port"));
            }
        }
        return faults;
    }

    static Fault inUse(int port, String setting) {
        return Fault.of(
                "Port " + port + " is in use; stop the program that has it, or set " + setting + " to a free one.");
    }

    private static boolean isFree(String address, int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(address.isBlank() ? null : InetAddress.getByName(address), port));
            return true;
        } catch (UnknownHostException notOfThisMachine) {
            // Another fault, which the server itself describes.
            return true;
        } catch (IOException taken) {
            return false;
        }
    }

    /** A port that is free now. */
    static int free() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException none) {
            throw new IllegalStateException("This machine has no free port", none);
        }
    }
}
