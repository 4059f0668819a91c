package com.cloudbees.plugins.credentials.domains;

import hudson.Util;
import java.io.Serializable;
import java.util.List;
import java.util.Objects;

/** Stands in for the credentials plugin's class of this name: for which hosts some credentials are. */
public class Domain implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final Domain GLOBAL = new Domain(null, null, List.of());

    private final String name;
    private final String description;
    private final List<DomainSpecification> specifications;

    public Domain(String name, String description, List<DomainSpecification> specifications) {
        this.name = Util.fixEmptyAndTrim(name);
        this.description = Util.fixEmptyAndTrim(description);
        this.specifications = List.copyOf(Util.fixNull(specifications));
    }

    public static Domain global() {
        return GLOBAL;
    }

    public boolean isGlobal() {
        return this == GLOBAL;
    }

    public String getName() {
        return name;
    }

    public String getDescription() {
        return description;
    }

    public List<DomainSpecification> getSpecifications() {
        return specifications;
    }

    public boolean test(DomainRequirement... requirements) {
        return test(List.of(requirements));
    }

    public boolean test(List<DomainRequirement> requirements) {
        return requirements.stream().allMatch(requirement -> specifications.stream()
                .allMatch(each -> each.test(requirement).isMatch()));
    }

    @Override
    public boolean equals(Object that) {
        return that instanceof Domain other && Objects.equals(name, other.name);
    }

    @Override
    public int hashCode() {
        return Objects.hashCode(name);
    }
}
