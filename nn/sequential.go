package nn

import (
	"fmt"
	"slices"

	"github.com/lanes-go/lanes/mat"
)

// Sequential applies its layers one after another, and is a layer itself. It
// owns the matrices between them, whose widths must not change once they are
// made. Without layers it copies.
type Sequential[T mat.Float] struct {
	Layers []Layer[T]

	inCols int            // of the x that between was made for
	outs   []mat.Dense[T] // outs[i]: output of layer i, but for the last
	grads  []mat.Dense[T] // grads[i]: the gradient with respect to outs[i]
	params []Param[T]
	names  []paramName
}

// paramName remembers a joined name, so that Params need not join it again.
type paramName struct {
	layer       int
	own, joined string
}

// check panics where a layer is nil.
func (s *Sequential[T]) check(op string) {
	for i, l := range s.Layers {
		if l == nil {
			panicf(op, "layer %d is nil", i)
		}
	}
}

// Forward runs x through the layers into dst. It panics with mat.Error when a layer
// is nil and where a layer does.
func (s *Sequential[T]) Forward(dst, x *mat.Dense[T]) {
	s.check("Sequential.Forward")
	last := len(s.Layers) - 1
	if last < 0 {
		dst.CopyFrom(x)
		return
	}
	x.Check("Sequential.Forward", "x")
	s.prepare(x)
	for i, l := range s.Layers[:last] {
		l.Forward(&s.outs[i], x)
		x = &s.outs[i]
	}
	s.Layers[last].Forward(dst, x)
}

// prepare leaves the matrices between the layers empty, for the layers to
// size, or with the columns known from an input of the same width.
func (s *Sequential[T]) prepare(x *mat.Dense[T]) {
	inner := len(s.Layers) - 1
	if len(s.outs) != inner || s.inCols != x.Cols {
		s.outs, s.grads = make([]mat.Dense[T], inner), make([]mat.Dense[T], inner)
		s.inCols = x.Cols
		return
	}
	for i := range s.outs {
		if s.outs[i].Rows != x.Rows {
			reshape(&s.outs[i], x.Rows, s.outs[i].Cols)
		}
	}
}

// Backward runs dy back through the layers, into dx unless that is nil. It panics
// with mat.Error when the layers are not those of the last Forward, and where a
// layer does.
func (s *Sequential[T]) Backward(dx, dy *mat.Dense[T]) {
	s.check("Sequential.Backward")
	last := len(s.Layers) - 1
	if last < 0 {
		if dx != nil {
			dx.CopyFrom(dy)
		}
		return
	}
	if len(s.grads) != last {
		panicf("Sequential.Backward", "%d layers, the last Forward had %d", last+1, len(s.grads)+1)
	}
	for i := last; i > 0; i-- {
		g := &s.grads[i-1]
		reshape(g, s.outs[i-1].Rows, s.outs[i-1].Cols)
		s.Layers[i].Backward(g, dy)
		dy = g
	}
	s.Layers[0].Backward(dx, dy)
}

// Params returns the parameters of all layers, each name preceded by the index
// of its layer: "0.W".
func (s *Sequential[T]) Params() []Param[T] {
	s.check("Sequential.Params")
	s.params = s.params[:0]
	for i, l := range s.Layers {
		for _, p := range l.Params() {
			p.Name = s.joinedName(len(s.params), i, p.Name)
			s.params = append(s.params, p)
		}
	}
	return slices.Clip(s.params)
}

// joinedName returns the name of the parameter at the given position.
func (s *Sequential[T]) joinedName(position, layer int, own string) string {
	if position == len(s.names) {
		s.names = append(s.names, paramName{layer: -1})
	}
	n := &s.names[position]
	if n.layer != layer || n.own != own {
		*n = paramName{layer, own, fmt.Sprintf("%d.%s", layer, own)}
	}
	return n.joined
}
