package io.jenkins.plugins.sshexec.testing;

import io.jenkins.plugins.sshexec.core.error.SshException;
import io.jenkins.plugins.sshexec.core.exec.ExecObserver;
import io.jenkins.plugins.sshexec.core.transfer.TransferObserver;
import io.jenkins.plugins.sshexec.core.transfer.TransferProgress;
import java.util.List;

/** For who waits for the outcome of a command or a copy alone. */
public final class Unobserved implements ExecObserver, TransferObserver {

    @Override
    public void waiting(int placeInLine) {}

    @Override
    public void paused() {}

    @Override
    public void connectingAgain(SshException failure) {}

    @Override
    public void starting(boolean reusedSession) {}

    @Override
    public void retrying(SshException failure) {}

    @Override
    public void survived(List<String> processes) {}

    @Override
    public void mayStillRun() {}

    @Override
    public void progress(TransferProgress progress) {}
}
