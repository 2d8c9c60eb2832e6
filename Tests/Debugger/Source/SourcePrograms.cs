using MmuEmu.Tests.Guests;

namespace MmuEmu.Tests.Debugger.Source;

/// <summary>A folder with a few sources, and what the host's compilers make of them.</summary>
internal sealed class SourcePrograms : IDisposable
{
    private const string Install = "apt-get install -y gcc g++ clang llvm libc6-dev binutils";

    private const string Header = """
        static inline __attribute__((always_inline)) int square(int x)
        {
            return x * x;
        }

        static inline __attribute__((always_inline)) int sum_of_squares(int a, int b)
        {
            return square(a) + square(b);
        }

        int far_away(int x);
        """;

    private const string Main = """
        #include "part.h"
        #include <stdio.h>

        static int unused(int x) { return x - 1; }

        static int chosen(int x)
        {
            switch (x & 7)
            {
                case 0: return far_away(x);
                case 1: return x * 3;
                case 2: return sum_of_squares(x, 4);
                case 3: puts("three"); return 9;
                case 4: return x << 2;
                default: return square(x + 1);
            }
        }

        int main(int count, char **words)
        {
            int total = 0;
            for (int i = 0; i < count * 100; i++)
            {
                total += sum_of_squares(i, chosen(i));
                if (total > 1000)
                {
                    total = far_away(total) + words[0][0];
                }
            }

            return total & 63;
        }
        """;

    private const string Part = """
        #include "../part.h"

        static __attribute__((noinline)) int deep(int x, int times)
        {
            int all = 0;
            while (times-- > 0)
            {
                all ^= sum_of_squares(all, x);
            }
            return all;
        }

        int far_away(int x)
        {
            return deep(x, 3) + square(x);
        }
        """;

    private const string Plus = """
        #include <vector>
        #include <algorithm>

        namespace shop
        {
            struct Basket
            {
                std::vector<int> prices;
                void add(int price) { prices.push_back(price); }
                template <typename T> T total(T start) const { for (int p : prices) { start += p; } return start; }
            };
        }

        int main(int count, char **)
        {
            shop::Basket basket;
            for (int i = 0; i < count * 10; i++) { basket.add(i ^ 5); }
            std::sort(basket.prices.begin(), basket.prices.end());
            return (int)basket.total(2L) & 63;
        }
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mmuemu-source-");

    public SourcePrograms()
    {
        Directory.CreateDirectory(At("sub"));
        File.WriteAllText(At("part.h"), Header);
        File.WriteAllText(At("main.c"), Main);
        File.WriteAllText(At("sub/part.c"), Part);
        File.WriteAllText(At("plus.cc"), Plus);
    }

    /// <summary>The folder.</summary>
    public string Folder => _folder.FullName;

    /// <summary>The path of a file in it.</summary>
    public string At(string name) => Path.Combine(_folder.FullName, name);

    /// <summary>Compiles with <paramref name="options"/>, separated by blanks; skips the test where a compiler or a tool is missing.</summary>
    /// <returns>The path of the program.</returns>
    public async Task<string> Build(string compiler, string options)
    {
        Need(compiler, "readelf");
        string[] sources = compiler.EndsWith("++", StringComparison.Ordinal) ? ["plus.cc"] : ["main.c", "sub/part.c"];
        await Run(compiler, [.. options.Split(' ', StringSplitOptions.RemoveEmptyEntries), .. sources, "-o", "program"]);
        return At("program");
    }

    /// <summary>Runs a tool in the folder, which has to succeed, and gives what it printed.</summary>
    public async Task<string> Run(string tool, params string[] arguments)
    {
        Need(tool);
        HostRun run = await HostProcess.Run(new HostPlace(Folder), tool, arguments);
        run.ExitCode.ShouldBe(0, $"{tool} {string.Join(' ', arguments)}: {run.Errors}");
        return run.Output;
    }

    /// <inheritdoc/>
    public void Dispose() => _folder.Delete(recursive: true);

    private static void Need(params string[] tools)
    {
        foreach (string tool in tools)
        {
            Assert.SkipUnless(HostProcess.Exists(tool), $"needs {tool}: {Install}");
        }
    }
}
