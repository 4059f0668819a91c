package io.jenkins.plugins.sshexec.standalone.faults;

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
    };

    /** In Groovy, to be followed by further parameters. */
    abstract String step(FaultStage stage, Work work);
}
