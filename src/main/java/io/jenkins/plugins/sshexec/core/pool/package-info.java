/**
 * The pool of sessions: who may lease, which session carries the lease, when a session ends. Imports {@code
 * core.transport} and what that may import. commons-pool2 is seen by {@code SessionStore} and {@code
 * SessionLifecycle} alone.
 */
package io.jenkins.plugins.sshexec.core.pool;
