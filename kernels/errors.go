package kernels

import "fmt"

func panicLengths(op string, x, y int) {
	panic(Error{op, fmt.Sprintf("len(x) = %d, len(y) = %d", x, y)})
}
