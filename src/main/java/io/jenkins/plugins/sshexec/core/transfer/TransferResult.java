package io.jenkins.plugins.sshexec.core.transfer;

/**
 * What has been copied.
 *
 * @param progress how it stood at the end
 * @param place the directory or file that the files went to, as its side calls it
 */
public record TransferResult(TransferProgress progress, String place) {}
