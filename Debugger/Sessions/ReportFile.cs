using System.Text.Json;

namespace MmuEmu.Debugger.Sessions;

/// <summary>Opens the report of a run, or says why the file is none.</summary>
internal static class ReportFile
{
    private const long MostBytes = 1L << 30;
    private const string MakeOne = "try: mmuemu run --json GUEST > run.json";

    /// <summary>The document in <paramref name="file"/>, of a schema that can be read here.</summary>
    /// <exception cref="CommandException">It cannot be read, is cut short, is no report, or is of another schema.</exception>
    public static ReportValue Open(string file)
    {
        byte[] bytes = BytesOf(file);
        ReportValue document;
        try
        {
            document = ReportValue.Parse(bytes);
        }
        catch (JsonException wrong)
        {
            throw new CommandException(ExitCodes.Usage, $"'{file}' {Problem(bytes, wrong)}", MakeOne);
        }

        return SchemaProblem(document) is { } problem
            ? throw new CommandException(ExitCodes.Usage, $"'{file}' {problem.What}", problem.Hint)
            : document;
    }

    private static byte[] BytesOf(string file)
    {
        try
        {
            using FileStream content = File.OpenRead(file);
            using MemoryStream all = new();
            byte[] part = new byte[1 << 20];
            while (content.Read(part) is var count and > 0)
            {
                all.Write(part, 0, count);
                if (all.Length > MostBytes)
                {
                    throw new CommandException(ExitCodes.Usage, $"'{file}' is no report of a run: it has more than {MostBytes} bytes", MakeOne);
                }
            }

            return all.ToArray();
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException or ArgumentException)
        {
            string why = file.Length == 0 ? "the name is empty" : Directory.Exists(file) ? "it is a folder" : refused.Message;
            throw new CommandException(ExitCodes.Usage, $"cannot read '{file}': {why}", MakeOne);
        }
    }

    /// <summary>A document that is right as far as it goes was cut short.</summary>
    private static string Problem(byte[] bytes, JsonException wrong)
    {
        Utf8JsonReader reader = new(bytes, isFinalBlock: false, default);
        try
        {
            while (reader.Read())
            {
            }
        }
        catch (JsonException)
        {
            return $"is no report of a run: expected JSON, found something else in line {(wrong.LineNumber ?? 0) + 1}";
        }

        return wrong.InnerException is InvalidOperationException
            ? $"is no report of a run: expected text in UTF-8, found a string that is none in line {(wrong.LineNumber ?? 0) + 1}"
            : bytes.Length == 0
            ? "is empty; expected the report of a run"
            : $"is cut short: expected the whole report of a run, found its first {bytes.Length} bytes";
    }

    private static (string What, string Hint)? SchemaProblem(ReportValue root)
    {
        string? name = root.TryFind("schema", out ReportValue? schema) ? schema.Text : null;
        string? number = name?.StartsWith(RunSchema.Prefix, StringComparison.Ordinal) == true ? name[RunSchema.Prefix.Length..] : null;
        if (!int.TryParse(number, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out int found))
        {
            return ($"is no report of a run: expected \"schema\": \"{RunSchema.Name}\", found {(name is null ? "no schema" : $"\"{name}\"")}", MakeOne);
        }

        return found > RunSchema.Number ? ($"is of a newer schema: expected {RunSchema.Name}, found {name}", "try: the version of mmuemu that wrote it, or a newer one; mmuemu --version tells this one")
            : found < RunSchema.Number ? ($"is of an older schema, which does not hold all that made the run: expected {RunSchema.Name}, found {name}", MakeOne)
            : null;
    }
}
