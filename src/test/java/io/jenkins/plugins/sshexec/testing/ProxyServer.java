package io.jenkins.plugins.sshexec.testing;

import io.jenkins.plugins.sshexec.core.model.Endpoint;
import io.jenkins.plugins.sshexec.core.model.Proxy;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A proxy of either type, which may want a login, and remembers what it was asked for. */
public final class ProxyServer implements AutoCloseable {

    private final RawServer front;
    private final String user;
    private final String password;
    private final List<String> asked = new CopyOnWriteArrayList<>();

    /** Where it connects to whatever it is asked for; null to do as asked. */
    private volatile Endpoint destination;

    private ProxyServer(Proxy.Type type, String user, String password) throws IOException {
        this.user = user;
        this.password = password;
        front = RawServer.start(client -> {
            switch (type) {
                case HTTP -> http(client);
                case SOCKS5 -> socks(client);
            }
        });
    }

    /** One that wants no login. */
    public static ProxyServer start(Proxy.Type type) throws IOException {
        return new ProxyServer(type, null, null);
    }

    public static ProxyServer start(Proxy.Type type, String user, String password) throws IOException {
        return new ProxyServer(type, user, password);
    }

    public Endpoint endpoint() {
        return front.endpoint();
    }

    /** As {@code host:port}. */
    public List<String> asked() {
        return List.copyOf(asked);
    }

    public void leadsTo(Endpoint endpoint) {
        destination = endpoint;
    }

    @Override
    public void close() throws IOException {
        front.close();
    }

    private void http(Socket client) throws IOException {
        StringBuilder header = new StringBuilder();
        while (!header.toString().endsWith("\r\n\r\n")) {
            header.append((char) client.getInputStream().read());
        }
        List<String> lines = header.toString().lines().toList();
        String login = Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
        OutputStream out = client.getOutputStream();
        if (user != null && !lines.contains("Proxy-Authorization: Basic " + login)) {
            out.write("HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII));
            return;
        }
        String target = lines.get(0).split(" ")[1];
        asked.add(target);
        int colon = target.lastIndexOf(':');
        try (Socket server = open(
                target.substring(0, colon).replaceAll("[\\[\\]]", ""), Integer.parseInt(target.substring(colon + 1)))) {
            // Without a reason, which RFC 9112 section 4 allows, and with a header.
            out.write("HTTP/1.1 200 \r\nVia: a double\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            pump(client, server);
        } catch (java.net.ConnectException e) {
            out.write("HTTP/1.1 502 Bad Gateway\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        }
    }

    private void socks(Socket client) throws IOException {
        DataInputStream in = new DataInputStream(client.getInputStream());
        OutputStream out = client.getOutputStream();
        in.readByte();
        byte[] methods = new byte[in.readUnsignedByte()];
        in.readFully(methods);
        if (user != null) {
            if (new String(methods, StandardCharsets.US_ASCII).indexOf(2) < 0) {
                out.write(new byte[] {5, (byte) 0xff});
                return;
            }
            out.write(new byte[] {5, 2});
            in.readByte();
            boolean right = text(in).equals(user) & text(in).equals(password);
            out.write(new byte[] {1, (byte) (right ? 0 : 1)});
            if (!right) {
                return;
            }
        } else {
            out.write(new byte[] {5, 0});
        }
        in.skipBytes(3);
        String host =
                switch (in.readByte()) {
                    case 1 -> InetAddress.getByAddress(in.readNBytes(4)).getHostAddress();
                    case 4 -> "2001:db8::1".equals(ip6(in.readNBytes(16))) ? "2001:db8::1" : "another";
                    default -> text(in);
                };
        int port = in.readUnsignedShort();
        asked.add((host.contains(":") ? "[" + host + "]" : host) + ":" + port);
        try (Socket server = open(host, port)) {
            out.write(new byte[] {5, 0, 0, 3, 2, 'a', 'b', 0, 1});
            pump(client, server);
        } catch (java.net.ConnectException e) {
            out.write(new byte[] {5, 5, 0, 1, 0, 0, 0, 0, 0, 0});
        }
    }

    /** In the short form, if it is the one of the tests. */
    private static String ip6(byte[] address) throws IOException {
        return InetAddress.getByAddress(address).equals(InetAddress.getByName("2001:db8::1")) ? "2001:db8::1" : "";
    }

    private static String text(DataInputStream in) throws IOException {
        return new String(in.readNBytes(in.readUnsignedByte()), StandardCharsets.UTF_8);
    }

    private Socket open(String host, int port) throws IOException {
        Endpoint fixed = destination;
        return fixed == null ? new Socket(host, port) : new Socket(fixed.host(), fixed.port());
    }

    private static void pump(Socket client, Socket server) throws IOException {
        Thread answers = new Thread(() -> copy(server, client), "proxy answers");
        answers.setDaemon(true);
        answers.start();
        copy(client, server);
    }

    private static void copy(Socket from, Socket to) {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] buffer = new byte[16_384];
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                out.write(buffer, 0, length);
            }
        } catch (IOException e) {
            // One side has gone; so has the other now.
        }
    }
}
