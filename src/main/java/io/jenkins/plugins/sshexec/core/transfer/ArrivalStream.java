package io.jenkins.plugins.sshexec.core.transfer;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** Several files that come at once, in one stream. Writing is for many threads, reading for one. */
final class ArrivalStream {

    private static final int END_OF_ALL = -1;
    private static final int BEGIN = 0;
    private static final int DATA = 1;
    private static final int END = 2;

    /** What comes of the files, by their numbers. */
    interface Receiver {
        void begin(int number, long offset) throws IOException;

        void data(int number, byte[] bytes) throws IOException;

        /** All of the file is there. */
        void end(int number) throws IOException;
    }

    private final DataOutputStream out;

    ArrivalStream(OutputStream out) {
        this.out = new DataOutputStream(out);
    }

    synchronized void begin(int number, long offset) throws IOException {
        out.writeInt(number);
        out.writeByte(BEGIN);
        out.writeLong(offset);
    }

    synchronized void data(int number, byte[] buffer, int length) throws IOException {
        out.writeInt(number);
        out.writeByte(DATA);
        out.writeInt(length);
        out.write(buffer, 0, length);
    }

    synchronized void end(int number) throws IOException {
        out.writeInt(number);
        out.writeByte(END);
    }

    synchronized void endOfAll() throws IOException {
        out.writeInt(END_OF_ALL);
        out.close();
    }

    static void read(InputStream from, Receiver receiver) throws IOException {
        DataInputStream in = new DataInputStream(from);
        for (int number = in.readInt(); number != END_OF_ALL; number = in.readInt()) {
            switch (in.readByte()) {
                case BEGIN -> receiver.begin(number, in.readLong());
                case DATA -> receiver.data(number, in.readNBytes(in.readInt()));
                case END -> receiver.end(number);
                default -> throw new IOException("the controller sent something that makes no sense");
            }
        }
    }
}
