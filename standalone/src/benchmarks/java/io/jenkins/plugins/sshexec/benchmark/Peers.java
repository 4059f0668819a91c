package io.jenkins.plugins.sshexec.benchmark;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The plugin and all that it is measured against, on one target. What is not installed is left out, with a line that says so. */
final class Peers implements AutoCloseable {

    static final String PLUGIN = "`sshExec`";
    static final String CONTROL_MASTER = "`ssh`, ControlMaster";
    static final String SSH = "`ssh`, a connection of its own";
    static final String ASYNCSSH = "asyncssh";
    static final String PARAMIKO = "paramiko";

    private final EmbeddedPlugin plugin;
    private final List<Peer> peers = new ArrayList<>();

    private Peers(EmbeddedPlugin plugin) {
        this.plugin = plugin;
        peers.add(plugin);
    }

    /** Starts all that are installed. */
    static Peers on(Target target) throws IOException, InterruptedException {
        Peers peers = new Peers(EmbeddedPlugin.start(target));
        if (OpenSshClient.version().isPresent()) {
            peers.peers.add(OpenSshClient.of(target));
        }
        peers.peers.add(ResidentPeer.java("sshj", SshjProgram.class, target));
        peers.peers.add(ResidentPeer.java("Apache MINA SSHD", MinaProgram.class, target));
        peers.addPython(PARAMIKO, target);
        peers.addPython(ASYNCSSH, target);
        return peers;
    }

    private void addPython(String module, Target target) throws IOException, InterruptedException {
        Optional<Python> python = Python.with(module);
        if (python.isPresent()) {
            peers.add(ResidentPeer.start(module, python.get().program(module + "_peer.py"), target));
        }
    }

    /** What is missing and how to install it, for the machine's description; empty where nothing is. */
    static List<String> missing() throws IOException, InterruptedException {
        List<String> packages = new ArrayList<>();
        if (OpenSshClient.version().isEmpty()) {
            packages.add("openssh-client");
        }
        for (String module : List.of(PARAMIKO, ASYNCSSH)) {
            if (Python.with(module).isEmpty()) {
                packages.add("python3-" + module);
            }
        }
        return packages;
    }

    EmbeddedPlugin plugin() {
        return plugin;
    }

    List<Peer> all() {
        return peers;
    }

    /** Those of other names. */
    List<Peer> without(String... names) {
        return peers.stream()
                .filter(peer -> !List.of(names).contains(peer.name()))
                .toList();
    }

    @Override
    public void close() throws Exception {
        for (Peer peer : peers) {
            peer.close();
        }
    }

    /** A Python that knows a module: the first on the path, else that of the system, for which Debian's packages are. */
    private record Python(String executable) {

        private static final Path PROGRAMS = Path.of(System.getProperty("ssh-exec.benchmarks"), "python");

        static Optional<Python> with(String module) throws InterruptedException {
            for (String executable : List.of("python3", "/usr/bin/python3")) {
                try {
                    Process process = new ProcessBuilder(executable, "-W", "ignore", "-c", "import " + module)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start();
                    if (process.waitFor() == 0) {
                        return Optional.of(new Python(executable));
                    }
                } catch (IOException e) {
                    continue; // there is no such program
                }
            }
            return Optional.empty();
        }

        List<String> program(String name) {
            return List.of(executable, "-W", "ignore", PROGRAMS.resolve(name).toString());
        }
    }
}
