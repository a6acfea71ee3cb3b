package org.emrexhub.transfer;

/** By which entrance a transfer came. */
public enum Origin {
    API,
    EMP,
    EMC
}
