/**
 * What operators see and do: the page of the pool, its REST API and CLI command. Sees immutable snapshots of the pool
 * only. Imports {@code lifecycle}, and of the core {@code core.pool}, {@code core.model} and {@code core.transport}.
 */
package io.jenkins.plugins.sshexec.management;
