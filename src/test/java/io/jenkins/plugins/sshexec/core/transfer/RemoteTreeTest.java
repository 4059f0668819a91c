package io.jenkins.plugins.sshexec.core.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.sshexec.core.error.TransferFailed;
import io.jenkins.plugins.sshexec.core.error.TransferFailed.Problem;
import io.jenkins.plugins.sshexec.core.error.TransferFailed.Side;
import io.jenkins.plugins.sshexec.core.model.Endpoint;
import io.jenkins.plugins.sshexec.core.transport.RemoteFile;
import io.jenkins.plugins.sshexec.core.transport.RemoteFile.Kind;
import io.jenkins.plugins.sshexec.core.transport.RemoteFiles;
import java.lang.reflect.Proxy;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a server that makes files up can make the controller keep. */
@Timeout(60)
class RemoteTreeTest {

    private static final Endpoint ENDPOINT = new Endpoint("hostile", 22);

    /** A server on which every directory has the same in it. */
    private static RemoteTree everywhere(List<RemoteFile> children) throws Exception {
        RemoteFiles files = (RemoteFiles) Proxy.newProxyInstance(
                RemoteFiles.class.getClassLoader(), new Class<?>[] {RemoteFiles.class}, (proxy, method, arguments) -> {
                    switch (method.getName()) {
                        case "canonical":
                            return arguments[0];
                        case "list":
                            if (children.size() > (int) arguments[1]) {
                                throw new TransferFailed(
                                        ENDPOINT, Side.HOST, (String) arguments[0], Problem.TOO_MANY, "", null);
                            }
                            return children;
                        default:
                            throw new UnsupportedOperationException(method.getName());
                    }
                });
        return RemoteTree.of(ENDPOINT, files, "/");
    }

    private static RemoteFile child(String name, Kind kind) {
        return new RemoteFile(name, kind, 0, 0, 0755);
    }

    private static void isTooMuch(List<RemoteFile> children) {
        assertThatThrownBy(() -> everywhere(children).list(FileSelection.ALL))
                .isInstanceOfSatisfying(TransferFailed.class, failure -> assertThat(failure.problem())
                        .isEqualTo(Problem.TOO_MANY));
    }

    @Test
    void directoriesInDirectoriesAreTooManyTogether() {
        isTooMuch(IntStream.range(0, 2000)
                .mapToObj(i -> child("d" + i, Kind.DIRECTORY))
                .toList());
    }

    @Test
    void pathsAreTooLongTogether() {
        isTooMuch(Collections.nCopies(40_000, child("x".repeat(4000), Kind.FILE)));
    }
}
