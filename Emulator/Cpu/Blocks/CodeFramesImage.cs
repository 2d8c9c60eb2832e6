using MmuEmu.Emulator.Memory;

namespace MmuEmu.Emulator.Cpu.Blocks;

/// <summary>From which bytes of which frames blocks were decoded, at one moment.</summary>
/// <param name="HoldsCode">One bit for each frame.</param>
/// <param name="Frames">The frames that were ever asked for.</param>
internal sealed record CodeFramesImage(ArrayImage HoldsCode, ListImage<FrameCodeImage> Frames);

/// <summary>The pieces of one frame at one moment; nobody changes them any more.</summary>
/// <param name="Frame">The frame's number.</param>
/// <param name="Code">What keeps them.</param>
/// <param name="ByLine">The pieces by line; null where there never was one.</param>
/// <param name="Long">Those of many lines.</param>
/// <param name="Count">How many there are.</param>
internal sealed record FrameCodeImage(ulong Frame, FrameCode Code, CodePiece[]?[] ByLine, CodePiece[] Long, int Count);
