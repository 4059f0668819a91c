package io.jenkins.plugins.sshexec.standalone.faults;

import io.jenkins.plugins.sshexec.standalone.faults.Fault.Expected;
import io.jenkins.plugins.sshexec.testing.TcpProxy;

/** The columns of the fault matrix: what the build does while something goes wrong. */
enum Operation {
    /** A command, which the server plays. */
    EXEC {
        @Override
        String step(FaultStage stage, Work work) {
            return "sshExec host: '%s', command: '%s'".formatted(stage.host(), work.words());
        }
    },
    /** A durable command, which really runs on this machine. */
    DURABLE {
        @Override
        String step(FaultStage stage, Work work) {
            return "sshExec host: '%s', durable: true, durableDirectory: '%s', command: '%s'"
                    .formatted(stage.host(), stage.durableDirectory(), work.shell(stage.there(), stage.go()));
        }
    },
    /** A file from the workspace to the server's disk, which is this machine's. */
    PUT {
        @Override
        String step(FaultStage stage, Work work) {
            return "sshPut host: '%s', from: 'file', into: '%s/'"
                    .formatted(stage.host(), stage.files().host());
        }
    },
    /** The other way. */
    GET {
        @Override
        String step(FaultStage stage, Work work) {
            return "sshGet host: '%s', from: '%s/file'"
                    .formatted(stage.host(), stage.files().host());
        }
    };

    /** In Groovy, to be followed by further parameters. */
    abstract String step(FaultStage stage, Work work);

    boolean copies() {
        return this == PUT || this == GET;
    }

    /** In which the content of a file goes. */
    TcpProxy.Direction direction() {
        return this == PUT ? TcpProxy.Direction.TO_SERVER : TcpProxy.Direction.TO_CLIENT;
    }

    /** Where nothing is wrong in the end. */
    Expected done() {
        return new Expected("SUCCESS", copies() ? "1 file \\(.* KiB\\) copied to (?s:.*)Finished: SUCCESS" : "said");
    }
}
