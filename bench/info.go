package main

import (
	"strings"

	"github.com/lanes-go/lanes/kernels"
)

// choiceText is what a report says about the choice of the instruction set: a
// line for the choice, one for each set, one for features.
func choiceText(c kernels.Choice) []string {
	return strings.Split(strings.TrimSuffix(c.String(), "\n"), "\n")
}
