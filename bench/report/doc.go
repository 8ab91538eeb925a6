// Package report writes what bench measured as one HTML file that opens without a network:
// a table, filmstrips of what a user would have seen, and plots. Pictures are inside it, and
// it needs no program to run. It follows the reader's choice of light or dark.
package report
