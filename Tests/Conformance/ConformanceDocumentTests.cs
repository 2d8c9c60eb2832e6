using System.Text;
using MmuEmu.Tests.Golden;

namespace MmuEmu.Tests.Conformance;

/// <summary>docs/cpu-conformance.md is the lists that the conformance tests run, printed.</summary>
public sealed class ConformanceDocumentTests
{
    private const string Begin = """
        # Conformance of the processor

        Programs that others wrote to test processors and emulators, and programs that people use, run under `mmuemu` and natively. They are
        fetched and built by one script, and are no part of the project:

            bash Tests/Conformance/third-party.sh        # Debian; installs compilers and libraries, needs a minute
            dotnet test -c Release --filter FullyQualifiedName~Conformance

        Without the script the tests skip, and say so: a program that is not built is listed as not run, never as passed. This page is
        printed from the lists in `Tests/Data/conformance`; each row is one test. The other half of the evidence, single instructions
        against the host processor, is in [cpu-fuzz.md](cpu-fuzz.md).

        How a program is judged: *golden*, its authors' expected output, byte for byte; *native*, output and exit status of the same file
        on the host, byte for byte; *addresses*, the same without the addresses of mappings, which a host chooses at random; *lines*, the
        same lines in any order, because threads print them; *status*, the exit status alone, because the output is a time.

        """;

    [Fact]
    public void The_document_lists_what_the_tests_run()
    {
        StringBuilder text = new(Begin.ReplaceLineEndings("\n"));
        Append(text, "Valgrind 3.19, `none/tests/amd64`, with `--cpu max`", "valgrind.txt");
        text.Append("The rows judged *native* are those whose expected output no processor of the host's kind gives either: it was made on another vendor's,\n")
            .Append("or by another library. `fb_test_amd64` retires forty thousand million instructions and runs where `CI=true`.\n\n");
        Append(text, "QEMU 7.2, `tests/tcg`, with `--cpu max`", "qemu.txt");
        text.Append("`test-3dnow`, `test-i386` and `hello-i386` are left out: 3DNow! is in no x86-64 level, the others are 32-bit programs.\n\n");
        text.Append("## Programs that people use, under `x86-64-v1`, `-v2` and `-v3`\n\n")
            .Append("Judged *native*, each under each model: Lua 5.4 and SQLite 3 from Debian's static libraries; random allocation with glibc's malloc and\n")
            .Append("with jemalloc, with one thread and with four; a C++ program with exceptions, iostreams, containers and regular expressions; a Go program\n")
            .Append("with goroutines and garbage collection; a Rust program with threads and unwinding panics; and a script of seventy commands of Debian's\n")
            .Append("static busybox. Their sources are in `Tests/Conformance/programs`. The pthread stress is built for glibc\n")
            .Append("and for musl; it and a tour through pthreads ship as guests ([guests.md](guests.md)).\n");

        GoldenFile.CheckAt("docs/cpu-conformance.md", text.ToString());
    }

    private static void Append(StringBuilder text, string title, string list)
    {
        IReadOnlyList<ProgramRow> rows = ProgramRow.Of(list);
        int equal = rows.Count(row => row.Judge != Judge.Except);
        text.Append($"## {title}\n\n{rows.Count} programs, {equal} of them equal; {rows.Count(row => row.Judge == Judge.Golden)} judged by their authors' expected output.\n\n");
        text.Append("| program | judged | result |\n|---|---|---|\n");
        foreach (ProgramRow row in rows)
        {
            string judged = row.Judge == Judge.Except ? "" : row.Judge.ToString().ToLowerInvariant();
            string result = row.Judge switch
            {
                Judge.Except => $"differs: {row.Reason}",
                Judge.Amd => $"equal; differs from Intel's: {row.Reason}",
                _ => "equal",
            };
            text.Append($"| {row.Name} | {judged} | {result} |\n");
        }

        text.Append('\n');
    }
}
