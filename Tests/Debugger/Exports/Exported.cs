namespace MmuEmu.Tests.Debugger.Exports;

/// <summary>Files that exports wrote.</summary>
internal static class Exported
{
    /// <summary>The bytes that <c>trace export</c> writes for a line of words, such as <c>--format svg hello</c>.</summary>
    public static byte[] Of(string line)
    {
        string folder = Directory.CreateTempSubdirectory("mmuemu-export").FullName;
        try
        {
            string file = Path.Combine(folder, "out");
            CommandResult result = CommandHarness.RunHere(["trace", "export", "-o", file, .. line.Split(' ')]);
            result.Status.ShouldBe(0, result.Error);
            result.GuestOut.ShouldBeEmpty();
            return File.ReadAllBytes(file);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>The same as text.</summary>
    public static string Text(string line) => System.Text.Encoding.UTF8.GetString(Of(line));
}
