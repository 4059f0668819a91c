package com.cloudbees.plugins.credentials;

/** Stands in for the credentials plugin's class of this name: a credential whose secret cannot be had. */
public class CredentialsUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String property;

    public CredentialsUnavailableException(String property) {
        this.property = property;
    }

    public CredentialsUnavailableException(String property, String message) {
        super(message);
        this.property = property;
    }

    public String getProperty() {
        return property;
    }

    @Override
    public String getMessage() {
        return super.getMessage() == null ? "Property '" + property + "' is currently unavailable" : super.getMessage();
    }
}
