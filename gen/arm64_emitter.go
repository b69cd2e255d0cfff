package main

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// arm64Emitter writes the kernels of one file. Its methods choose the
// instruction for the element, so that a kernel reads as arithmetic.
type arm64Emitter struct {
	arm64
	elem   Elem
	kernel string
	params map[string]string // the stack slots of the kernel's parameters
	loops  []*tally          // what the hot loops consist of
}

// assembleARM64 runs the emitters of one file and returns its Go assembly.
func assembleARM64(specs []Spec) []byte {
	e := &arm64Emitter{}
	fmt.Fprintf(&e.out, "// %s\n\n//go:build %s\n\n#include \"textflag.h\"\n", header, withAsm)
	for _, s := range specs {
		e.elem = s.Elem
		e.text(s)
		s.arm64(e, s)
	}
	return e.out.Bytes()
}

// text begins a function; its stack slots follow from the signature.
func (e *arm64Emitter) text(s Spec) {
	sig := signatureOf(s.Op)
	e.kernel, e.params = s.Name(), map[string]string{}
	offset := 0
	slot := func(name, typ string) {
		size := 8
		if typ == "T" {
			size = e.elem.Size
		}
		offset = (offset + size - 1) &^ (size - 1)
		e.params[name] = fmt.Sprintf("%s+%d(FP)", name, offset)
		offset += size
	}
	for _, p := range parameters(sig.params) {
		slot(p.name, p.typ)
	}
	offset = (offset + 7) &^ 7
	if sig.result != "" {
		slot("ret", sig.result)
	}
	decl := fmt.Sprintf("func %s(%s) %s", e.kernel, typed(sig.params, e.elem), typed(sig.result, e.elem))
	fmt.Fprintf(&e.out, "\n// %s\nTEXT ·%s(SB), NOSPLIT, $0-%d\n", strings.TrimSpace(decl), e.kernel, offset)
}

var reserved = regexp.MustCompile(`\b(R18|R2[789]|R3[01]|RSP|g)\b`)

// lintARM64 refuses registers that belong to the system, the assembler, the
// goroutine or the linker.
func lintARM64(text []byte) error {
	if r := reserved.Find(text); r != nil {
		return errors.New("uses the reserved register " + string(r))
	}
	return nil
}

// param loads a parameter that is an int or a pointer.
func (e *arm64Emitter) param(name string, d gpr) {
	e.ins(load8, "MOVD %s, %s", e.params[name], d)
}

// scalarParam loads a parameter that is an element; broadcastParam fills
// every lane with it.
func (e *arm64Emitter) scalarParam(name string, d vec) {
	e.ins(load8, "%s %s, %s", either(e.elem, "FMOVS", "FMOVD"), e.params[name], d.scalar())
}

func (e *arm64Emitter) broadcastParam(name string, d vec) {
	e.scalarParam(name, d)
	e.VDUP(e.elem, d, d)
}

// returnScalar returns the low lane of a vector.
func (e *arm64Emitter) returnScalar(s vec) {
	e.ins(store8, "%s %s, %s", either(e.elem, "FMOVS", "FMOVD"), s.scalar(), e.params["ret"])
	e.RET()
}

func (e *arm64Emitter) returnInt(s gpr) {
	e.ins(store8, "MOVD %s, %s", s, e.params["ret"])
	e.RET()
}

func (e *arm64Emitter) lanes() int { return neon.Width / e.elem.Size }

// shl turns a count of elements into bytes.
func (e *arm64Emitter) shl(r gpr) { e.LSL(int(shift(e.elem)), r) }

// Arithmetic on whole vectors. fma adds a·b to c.
func (e *arm64Emitter) fma(a, b, c vec)    { e.VFMLA(e.elem, a, b, c) }
func (e *arm64Emitter) mul(a, b, d vec)    { e.FMUL(e.elem, b, a, d) }
func (e *arm64Emitter) add(a, b, d vec)    { e.FADD(e.elem, b, a, d) }
func (e *arm64Emitter) abs(s, d vec)       { e.FABS(e.elem, s, d) }
func (e *arm64Emitter) neg(s, d vec)       { e.FNEG(e.elem, s, d) }
func (e *arm64Emitter) zero(d vec)         { e.VEOR(d, d, d) }
func (e *arm64Emitter) fmaLow(a, b, c vec) { e.FMLAElem(e.elem, b, a, c) }

func (e *arm64Emitter) zeroAll(n int) {
	for i := range n {
		e.zero(vec(i))
	}
}

// sum adds the first n registers, a power of two, into register 0.
func (e *arm64Emitter) sum(n int) {
	for ; n > 1; n /= 2 {
		for i := range vec(n / 2) {
			e.add(i, i+vec(n/2), i)
		}
	}
}

// reduce adds the lanes of a register into its low lane.
func (e *arm64Emitter) reduce(v vec) {
	if e.elem == f32 {
		e.FADDP(e.elem, v, v, v)
	}
	e.FADDPS(e.elem, v, v)
}
