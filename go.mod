module github.com/lanes-go/lanes

go 1.26.0
