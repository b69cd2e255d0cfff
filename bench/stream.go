package main

import (
	"slices"

	"github.com/lanes-go/lanes/kernels"
	"github.com/lanes-go/lanes/mat"
)

// The streams that bound what moves more than it computes: a read stream is an
// inner product, an update stream adds one vector to another.
const (
	readStream   = "read"
	updateStream = "update"
)

// What a thread moves in a run of a stream at least, in bytes, so that the start
// of a pass, or of several threads, is negligible.
const (
	leastMoved       = 1 << 20
	leastMovedShared = 32 << 20
)

// streamGauge measures the bandwidth, in GB/s, of lanes' own kernel over the
// pair of vectors, each thread over its part.
func streamGauge[T mat.Float](kind string, threads int, x, y []T) gauge {
	length := len(x) / threads
	moved, least := 2*bytesOf[T]()*length, leastMoved
	stream := func(x, y []T) { kernels.Dot(x, y) }
	if kind == updateStream {
		moved = 3 * bytesOf[T]() * length
		stream = func(x, y []T) { kernels.Axpy(axpyAlpha, x, y) }
	}
	if threads > 1 {
		least = leastMovedShared
	}
	passes := (least + moved - 1) / moved
	return gauge{
		work: float64(threads * passes * moved),
		run: func() {
			onThreads(threads, func(thread int) {
				from, to := thread*length, (thread+1)*length
				for range passes {
					stream(x[from:to], y[from:to])
				}
			})
		},
		take: func(c *cell, rate float64) { c.Roof.Stream = rate },
	}
}

// memory is what a stream can run over: the operands of a row.
type memory interface {
	stream(kind string, threads int) gauge
}

// operands are the vectors and matrices of a row. A stream over them finds them
// in the same level of memory as the contenders do; one over memory of its own
// would push them out.
type operands[T mat.Float] [][]T

// stream runs over two operands of the same length, or over the halves of the
// largest.
func (o operands[T]) stream(kind string, threads int) gauge {
	if len(o) == 2 && len(o[0]) == len(o[1]) {
		return streamGauge(kind, threads, o[0], o[1])
	}
	largest := slices.MaxFunc(o, func(a, b []T) int { return len(a) - len(b) })
	half := len(largest) / 2 / lineElements * lineElements
	return streamGauge(kind, threads, largest[:half], largest[half:2*half])
}

// lineElements keeps the halves on cache lines of 64 bytes, in either type.
const lineElements = 16

// ownMemory returns memory of so many bytes that streams alone use.
func (s *session) ownMemory(bytes int) memory {
	n := (bytes/bytesOf[float64]() + 1) / 2 * 2
	if len(s.streamed) < n {
		s.streamed = make([]float64, n)
		for i := range s.streamed {
			s.streamed[i] = 1
		}
	}
	return operands[float64]{s.streamed[:n]}
}
