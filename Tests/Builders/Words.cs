using MmuEmu.Debugger.Rendering;
using MmuEmu.Debugger.Sessions;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Setup;

namespace MmuEmu.Tests.Builders;

/// <summary>What the kernel tells as data in the command's words, for the messages of tests.</summary>
internal static class Words
{
    extension(RunResult result)
    {
        /// <summary>How the run ended.</summary>
        public string Message => EndText.Of(result);
    }

    extension(BootFailure failure)
    {
        /// <summary>Why there is nothing to run.</summary>
        public string Message => BootText.Of(failure);
    }
}
