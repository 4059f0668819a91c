package io.jenkins.plugins.sshexec.core.transport.jsch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

class ReadAheadTest {

    private static final int PACKET_BYTES = 16 * 1024;

    /** How many bytes each read of the socket asked for. */
    private final List<Integer> asked = new ArrayList<>();

    @Test
    void bytesComeInTheirOrderHoweverTheyAreReadAndArrive() throws IOException {
        Random random = new Random(1);
        byte[] sent = new byte[5 * ReadAhead.AHEAD_BYTES + 1];
        random.nextBytes(sent);
        InputStream in = new ReadAhead(new Socket(sent) {
            @Override
            int arrived(int length) {
                return 1 + random.nextInt(Math.max(1, length));
            }
        });
        ByteArrayOutputStream received = new ByteArrayOutputStream();
        byte[] buffer = new byte[2 * PACKET_BYTES];
        for (int count = 0; count >= 0; count = in.read(buffer, 1, 1 + random.nextInt(buffer.length - 1))) {
            received.write(buffer, 1, count);
        }
        assertThat(received.toByteArray()).isEqualTo(sent);
        assertThat(in.read()).isEqualTo(-1);
    }

    @Test
    void packetsThatHaveComeCostOneReadOfTheSocket() throws IOException {
        byte[] sent = new byte[4 * PACKET_BYTES];
        DataInputStream in = new DataInputStream(new ReadAhead(new Socket(sent)));
        for (int packet = 0; packet < 4; packet++) {
            in.readFully(new byte[Integer.BYTES]);
            in.readFully(new byte[PACKET_BYTES - Integer.BYTES]);
        }
        assertThat(asked).containsExactly(Integer.BYTES, ReadAhead.AHEAD_BYTES);
    }

    /** A session waits in that read, perhaps for hours, and holds no buffer meanwhile. */
    @Test
    void theLengthOfAPacketIsReadByItselfWhenNothingIsLeft() throws IOException {
        DataInputStream in = new DataInputStream(new ReadAhead(new Socket(new byte[200]) {
            @Override
            int arrived(int length) {
                return Math.min(length, 96);
            }
        }));
        in.readFully(new byte[Integer.BYTES]);
        in.readFully(new byte[96]);
        in.readFully(new byte[Integer.BYTES]);
        assertThat(asked).containsExactly(Integer.BYTES, ReadAhead.AHEAD_BYTES, Integer.BYTES);
    }

    @Test
    void muchOutputIsLeftToGather() throws IOException {
        List<Integer> gathered = new ArrayList<>();
        DataInputStream in = new DataInputStream(new ReadAhead(
                new Socket(new byte[10 * PACKET_BYTES]) {
                    @Override
                    int arrived(int length) {
                        return Math.min(length, PACKET_BYTES);
                    }
                },
                () -> gathered.add(asked.size())));
        for (int packet = 0; packet < 3; packet++) {
            in.readFully(new byte[Integer.BYTES]);
            in.readFully(new byte[PACKET_BYTES]);
        }
        assertThat(gathered).as("reads of the socket before each pause").containsExactly(2, 4);
    }

    @Test
    void neitherAnswersNorWhatHasComeAreWaitedFor() throws IOException {
        for (int arrived : List.of(PACKET_BYTES - 1, ReadAhead.AHEAD_BYTES)) {
            DataInputStream in = new DataInputStream(new ReadAhead(
                    new Socket(new byte[4 * ReadAhead.AHEAD_BYTES]) {
                        @Override
                        int arrived(int length) {
                            return Math.min(length, arrived);
                        }
                    },
                    Assertions::fail));
            for (int packet = 0; packet < 3; packet++) {
                in.readFully(new byte[Integer.BYTES]);
                in.readFully(new byte[arrived]);
            }
        }
    }

    /** Of which each read returns what has arrived. */
    private class Socket extends ByteArrayInputStream {

        Socket(byte[] sent) {
            super(sent);
        }

        int arrived(int length) {
            return length;
        }

        @Override
        public synchronized int read(byte[] buffer, int offset, int length) {
            asked.add(length);
            return super.read(buffer, offset, arrived(length));
        }
    }
}
