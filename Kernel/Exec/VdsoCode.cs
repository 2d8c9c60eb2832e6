using MmuEmu.Kernel.Tasks;

namespace MmuEmu.Kernel.Exec;

/// <summary>A function of the vDSO.</summary>
/// <param name="Name">Its name behind <c>__vdso_</c>, and its second name.</param>
/// <param name="Code">Its instructions, for one place in the image only where they refer to the page of numbers.</param>
internal sealed record VdsoFunction(string Name, byte[] Code);

/// <summary>The functions of the vDSO, as bytes: they read what <see cref="VdsoClock"/> describes, one page below the image.</summary>
/// <remarks>
/// Each has the convention of C, touches no callee-saved register and no stack, and makes its system call for what it does not know.
/// Functions begin at multiples of <see cref="Stride"/> from <see cref="Start"/>, in this order.
/// Source: [Linux arch/x86/entry/vdso; lib/vdso/gettimeofday.c; arch/x86/include/asm/segment.h, vdso_read_cpunode].
/// </remarks>
internal static class VdsoCode
{
    /// <summary>Bytes of the image before the first function.</summary>
    public const int Start = 0x400;

    /// <summary>Bytes from one function to the next.</summary>
    public const int Stride = 0x80;

    /// <summary>The functions.</summary>
    public static IReadOnlyList<VdsoFunction> Functions { get; } =
    [
        new("clock_gettime",
        [
            0x83, 0xFF, 0x07,                                  // cmp edi,0x7
            0x77, 0x46,                                        // ja +0x4b
            0xB8, 0xF3, 0x00, 0x00, 0x00,                      // mov eax,0xf3
            0x0F, 0xA3, 0xF8,                                  // bt eax,edi
            0x73, 0x3C,                                        // jae +0x4b
            0x4C, 0x8D, 0x05, 0xEA, 0xEB, 0xFF, 0xFF,          // lea r8,[vvar]
            0x49, 0x83, 0x38, 0x00,                            // cmp [r8],0x0
            0x74, 0x2F,                                        // je +0x4b
            0x0F, 0x31,                                        // rdtsc
            0x48, 0xC1, 0xE2, 0x20,                            // shl rdx,0x20
            0x48, 0x09, 0xD0,                                  // or rax,rdx
            0x49, 0x03, 0x40, 0x08,                            // add rax,[r8+0x8]
            0xB9, 0x21, 0x00, 0x00, 0x00,                      // mov ecx,0x21
            0x0F, 0xA3, 0xF9,                                  // bt ecx,edi
            0x73, 0x04,                                        // jae +0x37
            0x49, 0x03, 0x40, 0x10,                            // add rax,[r8+0x10]
            0x31, 0xD2,                                        // xor edx,edx
            0xB9, 0x00, 0xCA, 0x9A, 0x3B,                      // mov ecx,0x3b9aca00
            0x48, 0xF7, 0xF1,                                  // div rcx
            0x48, 0x89, 0x06,                                  // mov [rsi],rax
            0x48, 0x89, 0x56, 0x08,                            // mov [rsi+0x8],rdx
            0x31, 0xC0,                                        // xor eax,eax
            0xC3,                                              // ret
            0xB8, 0xE4, 0x00, 0x00, 0x00,                      // mov eax,0xe4
            0x0F, 0x05,                                        // syscall
            0xC3,                                              // ret
        ]),
        new("gettimeofday",
        [
            0x4C, 0x8D, 0x05, 0x79, 0xEB, 0xFF, 0xFF,          // lea r8,[vvar]
            0x49, 0x83, 0x38, 0x00,                            // cmp [r8],0x0
            0x74, 0x41,                                        // je +0x4e
            0x48, 0x85, 0xFF,                                  // test rdi,rdi
            0x74, 0x2D,                                        // je +0x3f
            0x0F, 0x31,                                        // rdtsc
            0x48, 0xC1, 0xE2, 0x20,                            // shl rdx,0x20
            0x48, 0x09, 0xD0,                                  // or rax,rdx
            0x49, 0x03, 0x40, 0x08,                            // add rax,[r8+0x8]
            0x49, 0x03, 0x40, 0x10,                            // add rax,[r8+0x10]
            0x31, 0xD2,                                        // xor edx,edx
            0xB9, 0x00, 0xCA, 0x9A, 0x3B,                      // mov ecx,0x3b9aca00
            0x48, 0xF7, 0xF1,                                  // div rcx
            0x48, 0x89, 0x07,                                  // mov [rdi],rax
            0x89, 0xD0,                                        // mov eax,edx
            0x31, 0xD2,                                        // xor edx,edx
            0xB9, 0xE8, 0x03, 0x00, 0x00,                      // mov ecx,0x3e8
            0xF7, 0xF1,                                        // div ecx
            0x48, 0x89, 0x47, 0x08,                            // mov [rdi+0x8],rax
            0x48, 0x85, 0xF6,                                  // test rsi,rsi
            0x74, 0x07,                                        // je +0x4b
            0x48, 0xC7, 0x06, 0x00, 0x00, 0x00, 0x00,          // mov [rsi],0x0
            0x31, 0xC0,                                        // xor eax,eax
            0xC3,                                              // ret
            0xB8, 0x60, 0x00, 0x00, 0x00,                      // mov eax,0x60
            0x0F, 0x05,                                        // syscall
            0xC3,                                              // ret
        ]),
        new("time",
        [
            0x4C, 0x8D, 0x05, 0xF9, 0xEA, 0xFF, 0xFF,          // lea r8,[vvar]
            0x49, 0x83, 0x38, 0x00,                            // cmp [r8],0x0
            0x74, 0x24,                                        // je +0x31
            0x0F, 0x31,                                        // rdtsc
            0x48, 0xC1, 0xE2, 0x20,                            // shl rdx,0x20
            0x48, 0x09, 0xD0,                                  // or rax,rdx
            0x49, 0x03, 0x40, 0x08,                            // add rax,[r8+0x8]
            0x49, 0x03, 0x40, 0x10,                            // add rax,[r8+0x10]
            0x31, 0xD2,                                        // xor edx,edx
            0xB9, 0x00, 0xCA, 0x9A, 0x3B,                      // mov ecx,0x3b9aca00
            0x48, 0xF7, 0xF1,                                  // div rcx
            0x48, 0x85, 0xFF,                                  // test rdi,rdi
            0x74, 0x03,                                        // je +0x30
            0x48, 0x89, 0x07,                                  // mov [rdi],rax
            0xC3,                                              // ret
            0xB8, 0xC9, 0x00, 0x00, 0x00,                      // mov eax,0xc9
            0x0F, 0x05,                                        // syscall
            0xC3,                                              // ret
        ]),
        new("getcpu",
        [
            0xB8, 0x7B, 0x00, 0x00, 0x00,                      // mov eax,0x7b
            0x0F, 0x03, 0xC0,                                  // lsl eax,eax
            0x48, 0x85, 0xFF,                                  // test rdi,rdi
            0x74, 0x0A,                                        // je +0x17
            0x89, 0xC1,                                        // mov ecx,eax
            0x81, 0xE1, 0xFF, 0x0F, 0x00, 0x00,                // and ecx,0xfff
            0x89, 0x0F,                                        // mov [rdi],ecx
            0x48, 0x85, 0xF6,                                  // test rsi,rsi
            0x74, 0x05,                                        // je +0x21
            0xC1, 0xE8, 0x0C,                                  // shr eax,0xc
            0x89, 0x06,                                        // mov [rsi],eax
            0x31, 0xC0,                                        // xor eax,eax
            0xC3,                                              // ret
        ]),
        new("clock_getres",
        [
            0x83, 0xFF, 0x07,                                  // cmp edi,0x7
            0x77, 0x17,                                        // ja +0x1c
            0x48, 0x85, 0xF6,                                  // test rsi,rsi
            0x74, 0x0F,                                        // je +0x19
            0x48, 0xC7, 0x06, 0x00, 0x00, 0x00, 0x00,          // mov [rsi],0x0
            0x48, 0xC7, 0x46, 0x08, 0x01, 0x00, 0x00, 0x00,    // mov [rsi+0x8],0x1
            0x31, 0xC0,                                        // xor eax,eax
            0xC3,                                              // ret
            0xB8, 0xE5, 0x00, 0x00, 0x00,                      // mov eax,0xe5
            0x0F, 0x05,                                        // syscall
            0xC3,                                              // ret
        ]),
    ];
}
