package io.jenkins.plugins.sshexec.core.transport;

import java.io.IOException;

/**
 * Takes the bytes that a remote command writes. Called on the session's reader thread, one call at a time for each
 * command, never after {@link RemoteProcess#exit} has completed. The array belongs to the caller and is overwritten after
 * the call. A sink that blocks holds up all channels of its session. An {@code IOException} ends the command.
 */
public interface OutputSink {

    void stdout(byte[] buffer, int offset, int length) throws IOException;

    void stderr(byte[] buffer, int offset, int length) throws IOException;
}
