package io.jenkins.plugins.sshexec.core.transport.jsch;

import io.jenkins.plugins.sshexec.core.error.ConnectFailed;
import io.jenkins.plugins.sshexec.core.error.ConnectTimeout;
import io.jenkins.plugins.sshexec.core.error.LoginRefused;
import io.jenkins.plugins.sshexec.core.error.SshException;
import io.jenkins.plugins.sshexec.core.error.Stage;
import io.jenkins.plugins.sshexec.core.model.Endpoint;
import io.jenkins.plugins.sshexec.core.model.Login.PasswordLogin;
import io.jenkins.plugins.sshexec.core.model.Proxy;
import io.jenkins.plugins.sshexec.core.time.Cancellation;
import io.jenkins.plugins.sshexec.core.time.Deadline;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Asks a proxy, on a socket that is connected to it, to connect to a server; after that the socket is one to the server. Not
 * left to JSch, whose proxies keep no deadline and read answers of any length. The proxy looks the server's name up. Used
 * once, by the connecting thread.
 */
final class ProxyHandshake {

    /** More than any proxy has to say. */
    private static final int MAX_HTTP_HEADER_BYTES = 16 * 1024;

    private static final Pattern HTTP_STATUS = Pattern.compile("HTTP/1\\.[01] (?<code>[0-9]{3})(?<reason> .*)?");
    private static final Pattern IP4 = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");

    private static final int SOCKS_VERSION = 5;
    private static final int SOCKS_NO_LOGIN = 0;
    private static final int SOCKS_PASSWORD = 2;
    private static final int SOCKS_PASSWORD_VERSION = 1;
    private static final int SOCKS_CONNECT = 1;
    private static final int SOCKS_IP4 = 1;
    private static final int SOCKS_NAME = 3;
    private static final int SOCKS_IP6 = 4;
    private static final int SOCKS_MAX_STRING = 255;

    private final Proxy proxy;
    private final Endpoint target;
    private final Socket socket;
    private final Deadline deadline;

    ProxyHandshake(Proxy proxy, Endpoint target, Socket socket, Deadline deadline) {
        this.proxy = proxy;
        this.target = target;
        this.socket = socket;
        this.deadline = deadline;
    }

    /**
     * Leaves the socket closed unless it returns.
     *
     * @param limit what the deadline was made of, for the message
     */
    void run(Duration limit, Cancellation cancellation) throws SshException {
        boolean done = false;
        try (Cancellation.Registration ignored = cancellation.onCancel(() -> Wire.closeQuietly(socket))) {
            switch (proxy.type()) {
                case HTTP -> http();
                case SOCKS5 -> socks();
            }
            cancellation.throwIfCancelled();
            done = true;
        } catch (SshException e) {
            throw e;
        } catch (IOException e) {
            cancellation.throwIfCancelled();
            if (e instanceof SocketTimeoutException || deadline.isExpired()) {
                throw new ConnectTimeout(proxy.endpoint(), Stage.TCP, limit, e);
            }
            throw failed(String.valueOf(e.getMessage()));
        } finally {
            if (!done) {
                Wire.closeQuietly(socket);
            }
        }
    }

    private void http() throws IOException {
        String hostAndPort = target.toString();
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        request.writeBytes(("CONNECT " + hostAndPort + " HTTP/1.1\r\nHost: " + hostAndPort + "\r\n")
                .getBytes(StandardCharsets.UTF_8));
        if (proxy.login().isPresent()) {
            request.writeBytes("Proxy-Authorization: Basic ".getBytes(StandardCharsets.US_ASCII));
            byte[] plain = userAndPassword(proxy.login().get(), ':');
            request.writeBytes(Base64.getEncoder().encode(plain));
            Arrays.fill(plain, (byte) 0);
            request.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
        }
        request.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().write(request.toByteArray());
        String statusLine = httpHeader().lines().findFirst().orElse("");
        Matcher status = HTTP_STATUS.matcher(statusLine);
        if (!status.matches()) {
            throw failed("its answer is not one of HTTP: " + JschFailures.clean(statusLine));
        }
        if (status.group("code").equals("407")) {
            throw loginRefused(JschFailures.clean(statusLine));
        }
        if (!status.group("code").startsWith("2")) {
            throw failed(JschFailures.clean(statusLine));
        }
    }

    /** Up to the empty line and not a byte further, because what follows is the server's. */
    private String httpHeader() throws IOException {
        StringBuilder header = new StringBuilder();
        while (header.indexOf("\r\n\r\n", header.length() - "\r\n\r\n".length()) < 0) {
            if (header.length() == MAX_HTTP_HEADER_BYTES) {
                throw failed("its answer is longer than " + MAX_HTTP_HEADER_BYTES + " bytes");
            }
            header.append((char) read());
        }
        return header.toString();
    }

    private void socks() throws IOException {
        socket.getOutputStream()
                .write(
                        proxy.login().isPresent()
                                ? new byte[] {SOCKS_VERSION, 2, SOCKS_NO_LOGIN, SOCKS_PASSWORD}
                                : new byte[] {SOCKS_VERSION, 1, SOCKS_NO_LOGIN});
        requireSocks(read());
        int method = read();
        if (method == SOCKS_PASSWORD && proxy.login().isPresent()) {
            socksLogin(proxy.login().get());
        } else if (method != SOCKS_NO_LOGIN) {
            throw loginRefused("it takes no login that Jenkins can make");
        }
        socket.getOutputStream().write(socksRequest());
        requireSocks(read());
        int reply = read();
        if (reply != 0) {
            throw failed(socksReply(reply));
        }
        read(); // reserved
        int addressBytes =
                switch (read()) {
                    case SOCKS_IP4 -> 4;
                    case SOCKS_IP6 -> 16;
                    case SOCKS_NAME -> read();
                    default -> throw failed("its answer is not one of SOCKS 5");
                };
        for (int i = 0; i < addressBytes + Short.BYTES; i++) {
            read(); // from where the proxy connects, which does not matter
        }
    }

    private void requireSocks(int version) throws ConnectFailed {
        if (version != SOCKS_VERSION) {
            throw failed("its answer is not one of SOCKS 5");
        }
    }

    private void socksLogin(PasswordLogin login) throws IOException {
        byte[] user = login.user().getBytes(StandardCharsets.UTF_8);
        byte[] password = login.password().copy();
        byte[] request = new byte[3 + user.length + password.length];
        try {
            if (user.length > SOCKS_MAX_STRING || password.length > SOCKS_MAX_STRING || user.length == 0) {
                throw loginRefused("SOCKS 5 takes a user name and a password of at most 255 bytes");
            }
            request[0] = SOCKS_PASSWORD_VERSION;
            request[1] = (byte) user.length;
            System.arraycopy(user, 0, request, 2, user.length);
            request[2 + user.length] = (byte) password.length;
            System.arraycopy(password, 0, request, 3 + user.length, password.length);
            socket.getOutputStream().write(request);
        } finally {
            Arrays.fill(password, (byte) 0);
            Arrays.fill(request, (byte) 0);
        }
        read(); // the version
        if (read() != 0) {
            throw loginRefused("user name or password are wrong");
        }
    }

    private byte[] socksRequest() throws IOException {
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        request.writeBytes(new byte[] {SOCKS_VERSION, SOCKS_CONNECT, 0});
        String host = target.host();
        if (host.contains(":") || IP4.matcher(host).matches()) {
            byte[] address = InetAddress.getByName(host).getAddress(); // of an address, so nothing is looked up
            request.write(address.length == 4 ? SOCKS_IP4 : SOCKS_IP6);
            request.writeBytes(address);
        } else {
            byte[] name = host.getBytes(StandardCharsets.UTF_8);
            if (name.length > SOCKS_MAX_STRING) {
                throw failed("SOCKS 5 takes host names of at most 255 bytes");
            }
            request.write(SOCKS_NAME);
            request.write(name.length);
            request.writeBytes(name);
        }
        request.write(target.port() >> Byte.SIZE);
        request.write(target.port());
        return request.toByteArray();
    }

    /** RFC 1928 section 6. */
    private static String socksReply(int code) {
        return switch (code) {
            case 1 -> "general failure";
            case 2 -> "not allowed by its rules";
            case 3 -> "network unreachable";
            case 4 -> "host unreachable";
            case 5 -> "connection refused";
            case 6 -> "TTL expired";
            case 7 -> "command not supported";
            case 8 -> "address type not supported";
            default -> "reply " + code;
        };
    }

    private static byte[] userAndPassword(PasswordLogin login, char between) {
        byte[] user = (login.user() + between).getBytes(StandardCharsets.UTF_8);
        byte[] password = login.password().copy();
        byte[] both = Arrays.copyOf(user, user.length + password.length);
        System.arraycopy(password, 0, both, user.length, password.length);
        Arrays.fill(password, (byte) 0);
        return both;
    }

    private int read() throws IOException {
        if (deadline.isExpired()) {
            throw new IOException("it took too long");
        }
        socket.setSoTimeout(deadline.remainingMillis());
        InputStream in = socket.getInputStream();
        int one = in.read();
        if (one < 0) {
            throw new EOFException("it closed the connection");
        }
        return one;
    }

    private ConnectFailed failed(String reason) {
        return new ConnectFailed(target, Stage.TCP, "the " + proxy + " could not reach it: " + reason, null);
    }

    /** Never tried a second time: proxies lock accounts too. */
    private SshException loginRefused(String reason) {
        return proxy.login().isPresent()
                ? new LoginRefused(proxy.endpoint(), proxy.login().get().shownUser(), reason, null)
                : new ConnectFailed(target, Stage.TCP, "the " + proxy + " wants a login: " + reason, null);
    }
}
