package main

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

//go:embed tuneworker/main.go
var workerSource []byte

// workshop builds candidates in folders of their own, below one that is
// removed in the end.
type workshop struct {
	ctx       context.Context // ends the commands that run
	root, dir string          // of the repository; of the workshop
	generator string
}

// openWorkshop makes the folder and builds the generator.
func openWorkshop(ctx context.Context, root string) (*workshop, error) {
	dir, err := os.MkdirTemp("", "lanes-tune-")
	if err != nil {
		return nil, err
	}
	w := &workshop{ctx: ctx, root: root, dir: dir, generator: filepath.Join(dir, "gen.exe")}
	if err := w.command(filepath.Join(root, "gen"), "go", "build", "-o", w.generator, "."); err != nil {
		w.close()
		return nil, err
	}
	return w, nil
}

func (w *workshop) close() { os.RemoveAll(w.dir) }

// build makes the worker of a candidate and returns its file.
func (w *workshop) build(c candidate) (string, error) {
	dir, err := os.MkdirTemp(w.dir, "candidate-")
	if err != nil {
		return "", err
	}
	if err := copyModule(dir, w.root); err != nil {
		return "", err
	}
	overrides, err := c.overrides()
	if err != nil {
		return "", err
	}
	file := filepath.Join(dir, "override.json")
	worker := filepath.Join(dir, "worker")
	if err := errors.Join(
		os.WriteFile(file, overrides, 0o644),
		os.Mkdir(worker, 0o755),
		os.WriteFile(filepath.Join(worker, "main.go"), workerSource, 0o644),
	); err != nil {
		return "", err
	}
	if err := w.command(dir, w.generator, "-override", file, "-out", filepath.Join(dir, "asm")); err != nil {
		return "", err
	}
	program := filepath.Join(dir, "worker.exe")
	return program, w.command(dir, "go", "build", "-trimpath", "-ldflags=-s -w", "-o", program, "./worker")
}

// command runs a program outside any workspace; what it prints is the error.
func (w *workshop) command(dir, name string, args ...string) error {
	cmd := exec.CommandContext(w.ctx, name, args...)
	cmd.Dir = dir
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) } // go then removes its own files
	cmd.WaitDelay = 5 * time.Second
	cmd.Env = append(os.Environ(), "GOWORK=off", "CGO_ENABLED=0")
	if text, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", filepath.Base(name), err, text)
	}
	return nil
}

// copyModule copies what a product needs of the module, without tests.
func copyModule(to, from string) error {
	for _, file := range []string{"go.mod", "go.sum"} {
		if err := copyFile(filepath.Join(to, file), filepath.Join(from, file)); err != nil {
			return err
		}
	}
	for _, folder := range []string{"asm", "kernels", "mat"} {
		entries, err := os.ReadDir(filepath.Join(from, folder))
		if err != nil {
			return err
		}
		if err := os.Mkdir(filepath.Join(to, folder), 0o755); err != nil {
			return err
		}
		for _, e := range entries {
			if e.IsDir() || strings.HasSuffix(e.Name(), "_test.go") {
				continue
			}
			if err := copyFile(filepath.Join(to, folder, e.Name()), filepath.Join(from, folder, e.Name())); err != nil {
				return err
			}
		}
	}
	return nil
}

func copyFile(to, from string) error {
	text, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return os.WriteFile(to, text, 0o644)
}

// findRoot returns the folder of the repository that dir is in.
func findRoot(dir string) (string, error) {
	for at := dir; ; at = filepath.Dir(at) {
		text, err := os.ReadFile(filepath.Join(at, "go.mod"))
		if err == nil && strings.HasPrefix(string(text), "module github.com/lanes-go/lanes\n") {
			return at, nil
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return "", err
		}
		if at == filepath.Dir(at) {
			return "", fmt.Errorf("%s is not in the repository, whose generator makes the candidates", dir)
		}
	}
}
