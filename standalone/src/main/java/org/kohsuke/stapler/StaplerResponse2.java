package org.kohsuke.stapler;

import jakarta.servlet.http.HttpServletResponse;

/** Stands in for Stapler's interface of this name. */
public interface StaplerResponse2 extends HttpServletResponse {}
