package jenkins;

/** Stands in for core's enum of this name. */
public enum YesNoMaybe {
    YES,
    NO,
    MAYBE
}
