using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Carillon.Sqlite;

/// <summary>
/// Tells a file from another one of the same name: its device and inode. A database that was deleted or replaced while it was open
/// would otherwise swallow every message.
/// </summary>
internal readonly partial record struct FileIdentity(bool Exists, ulong Device, ulong Inode)
{
    // Linux defines struct statx with the same layout on every architecture.
    private const int StatxSize = 256;
    private const int StatxInodeOffset = 0x20;
    private const int StatxDeviceOffset = 0x88;
    private const int CurrentDirectory = -100;
    private const uint InodeWanted = 0x100;

    /// <summary>Looks at what stands at a path now. Where inodes are unknown, all existing files look alike.</summary>
    public static FileIdentity Of(string path)
    {
        if (OperatingSystem.IsLinux())
        {
            try
            {
                return OfLinux(path);
            }
            catch (EntryPointNotFoundException)
            {
                // An old C library: existence is all that can be told.
            }
        }

        return new FileIdentity(File.Exists(path), 0, 0);
    }

    private static FileIdentity OfLinux(string path)
    {
        Span<byte> status = stackalloc byte[StatxSize];
        if (Statx(CurrentDirectory, path, 0, InodeWanted, ref MemoryMarshal.GetReference(status)) != 0)
            return default;
        return new FileIdentity(
            Exists: true,
            BinaryPrimitives.ReadUInt64LittleEndian(status[StatxDeviceOffset..]),
            BinaryPrimitives.ReadUInt64LittleEndian(status[StatxInodeOffset..]));
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int directory, string path, int flags, uint mask, ref byte status);
}
