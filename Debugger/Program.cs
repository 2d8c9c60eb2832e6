using System.CommandLine;
using System.CommandLine.Parsing;
using MmuEmu.Debugger.Commands;
using MmuEmu.Debugger.Options;

namespace MmuEmu.Debugger;

/// <summary>The <c>mmuemu</c> command.</summary>
internal static class Program
{
    private static int Main(string[] args)
    {
        Output output = Output.OfProcess();
        try
        {
            return Run(RawArguments.Of(args), output);
        }
        finally
        {
            output.Seat.Leave();
        }
    }

    /// <summary>A parser's complaint; that a text is no number is said in words of users, not of types.</summary>
    private static string Worded(ParseError error)
    {
        bool number = error.SymbolResult is OptionResult { Option: var option } && Type.GetTypeCode(Nullable.GetUnderlyingType(option.ValueType) ?? option.ValueType)
            is TypeCode.Int32 or TypeCode.UInt32 or TypeCode.Int64 or TypeCode.UInt64;
        return number && error.SymbolResult is OptionResult { Tokens: [var given, ..] } result
            ? $"{result.Option.Name} {given.Value}: expected a whole number"
            : error.Message;
    }

    /// <summary>Runs one command line; the exit status is <see cref="ExitCodes"/>' or the guest's.</summary>
    internal static int Run(string[] args, Output output)
    {
        try
        {
            int status = Serve(args, output);
            output.Out.Flush();
            return status;
        }
        catch (OutputLostException lost)
        {
            output.TellLoss(lost);
            return ExitCodes.OutputLost;
        }
    }

    private static int Serve(string[] args, Output output)
    {
        try
        {
            ParseResult parsed = CommandTree.Parse(args, output);
            if (ExplainedOptions.TryExplain(parsed, output))
            {
                return ExitCodes.Ok;
            }

            if (parsed.Errors.Count > 0)
            {
                output.Complain(Worded(parsed.Errors[0]), $"try: {CommandTree.HelpCommand(parsed)}");
                return ExitCodes.Usage;
            }

            output.Choose(ColourOption.Of(parsed));
            return parsed.Invoke(new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                Output = output.Out,
                Error = output.Error,
            });
        }
        catch (CommandException refusal)
        {
            output.Complain(refusal.Message, refusal.Hint);
            return refusal.ExitCode;
        }
#pragma warning disable CA1031 // Whatever went wrong in here is our defect; the user gets one clear line instead of a stack trace.
        catch (Exception defect) when (defect is not OutputLostException)
#pragma warning restore CA1031
        {
            output.Complain(
                $"internal error: {defect.GetType().Name}: {defect.Message}",
                "this is a defect of mmuemu: please report it with the command line and the guest (set MMUEMU_DEBUG=1 for details)");
            if (Environment.GetEnvironmentVariable("MMUEMU_DEBUG") == "1")
            {
                output.Error.WriteLine(defect);
            }

            return ExitCodes.Internal;
        }
    }
}
