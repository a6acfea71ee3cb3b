package org.emrexhub.spine;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The network between a hub and a part outside it, which can break in the two ways that networks do: {@link #cut()}
 * says so to both ends, {@link #freeze()} says nothing.
 */
final class Wire implements AutoCloseable {

    private final int target;
    private final int port = RunningHub.freePort();
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private @Nullable ServerSocket door;
    private volatile boolean frozen;

    /** A wire to a port of this machine. */
    Wire(int target) throws IOException {
        this.target = target;
        open();
    }

    int port() {
        return port;
    }

    private void open() throws IOException {
        ServerSocket opened = new ServerSocket();
        opened.setReuseAddress(true);
        opened.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        door = opened;
        run(() -> {
            while (!opened.isClosed()) {
                connect(opened.accept());
            }
        });
    }

    private void connect(Socket near) throws IOException {
        sockets.add(near);
        Socket far;
        try {
            far = new Socket(InetAddress.getLoopbackAddress(), target);
        } catch (IOException e) {
            near.close();
            return;
        }
        sockets.add(far);
        near.setTcpNoDelay(true);
        far.setTcpNoDelay(true);
        run(() -> pump(near, far));
        run(() -> pump(far, near));
    }

    private void pump(Socket from, Socket to) throws IOException {
        byte[] buffer = new byte[16_384];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            int read = in.read(buffer);
            while (read >= 0) {
                awaitThaw();
                out.write(buffer, 0, read);
                out.flush();
                read = in.read(buffer);
            }
        } finally {
            sockets.remove(from);
            sockets.remove(to);
        }
    }

    private synchronized void awaitThaw() throws IOException {
        try {
            while (frozen) {
                wait();
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    /** What was connected is disconnected, and nothing new is let in. */
    void cut() throws IOException {
        if (door != null) {
            door.close();
        }
        for (Socket socket : sockets) {
            socket.close();
        }
        sockets.clear();
    }

    /** Everything stays connected and nothing comes through, in either direction. */
    synchronized void freeze() {
        frozen = true;
    }

    /** Works again: after a cut for new connections; after a freeze the old ones are found to be dead. */
    void mend() throws IOException {
        boolean wasFrozen;
        synchronized (this) {
            wasFrozen = frozen;
            if (wasFrozen) {
                for (Socket socket : sockets) {
                    socket.close();
                }
                sockets.clear();
            }
            frozen = false;
            notifyAll();
        }
        if (!wasFrozen) {
            open();
        }
    }

    private interface Work {

        void run() throws IOException;
    }

    private static void run(Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (IOException closed) {
                        // One end left, or the test cut the wire.
                    }
                },
                "wire");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        cut();
    }
}
