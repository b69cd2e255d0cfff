package main

import (
	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/reg"
)

// cpuidFile writes asm.CPUID, which belongs to no instruction set.
func cpuidFile() ([]byte, error) {
	ctx := build.NewContext()
	ctx.ConstraintExpr("!purego")
	ctx.ConstraintExpr("!noasm")
	ctx.Function("CPUID")
	ctx.Attributes(attr.NOSPLIT)
	ctx.SignatureExpr("func(leaf, sub uint32) (eax, ebx, ecx, edx uint32)")
	ctx.Load(ctx.Param("leaf"), reg.EAX)
	ctx.Load(ctx.Param("sub"), reg.ECX)
	ctx.CPUID()
	for i, r := range []reg.Register{reg.EAX, reg.EBX, reg.ECX, reg.EDX} {
		ctx.Store(r, ctx.ReturnIndex(i))
	}
	ctx.RET()
	return printed(ctx)
}
