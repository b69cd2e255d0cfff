package main

import "github.com/lanes-go/lanes/mat"

// eigenWay is a way to solve the symmetric eigenproblem.
type eigenWay uint8

const (
	usual      eigenWay = iota // values and vectors by the library's fastest method
	byQR                       // the same by LAPACK's syev
	byRRR                      // the same by LAPACK's syevr
	valuesOnly                 // without vectors
	accurate                   // every value to its own digits, where there is a method for that
)

// eigenJobOf prepares a peer's decomposition of a, nil where it offers none. A
// library without an accurate method takes its usual one.
func eigenJobOf[T mat.Float](p peer, way eigenWay, a *mat.Dense[T]) *eigenJob[T] {
	if ops := of[T](p); ops.eigenBy != nil {
		return ops.eigenBy(way, a)
	}
	return nil
}
