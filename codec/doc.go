// Package codec codes a computer's screen into small objects for thin lines, and back.
package codec
