using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Carillon.Sqlite;

/// <summary>
/// Tells a file from another one of the same name: its device and inode. A database that was deleted or replaced while it was open
/// would otherwise swallow every message.
/// </summary>
/// <param name="Exists">Whether there is a file.</param>
/// <param name="Device">Where it is stored.</param>
/// <param name="Inode">Which file of that device it is; 0 where that cannot be told.</param>
internal readonly partial record struct FileIdentity(bool Exists, ulong Device, ulong Inode)
{
    // Linux defines struct statx with the same layout on every architecture.
    private const int StatxSize = 256;
    private const int StatxLinksOffset = 0x10;
    private const int StatxInodeOffset = 0x20;
    private const int StatxDeviceOffset = 0x88;
    private const int CurrentDirectory = -100;
    private const uint LinksWanted = 0x4;
    private const uint InodeWanted = 0x100;

    /// <summary>Looks at what stands at a path now. Where inodes are unknown, all existing files look alike.</summary>
    public static FileIdentity Of(string path)
    {
        Span<byte> status = stackalloc byte[StatxSize];
        if (!TryRead(path, status, out var exists))
            return new FileIdentity(File.Exists(path), 0, 0);
        return !exists ? default : new FileIdentity(
            Exists: true,
            BinaryPrimitives.ReadUInt64LittleEndian(status[StatxDeviceOffset..]),
            BinaryPrimitives.ReadUInt64LittleEndian(status[StatxInodeOffset..]));
    }

    /// <summary>How many names (hard links) the file at a path has; 1 where that cannot be told.</summary>
    public static uint NamesOf(string path)
    {
        Span<byte> status = stackalloc byte[StatxSize];
        return TryRead(path, status, out var exists) && exists ? BinaryPrimitives.ReadUInt32LittleEndian(status[StatxLinksOffset..]) : 1;
    }

    /// <summary>Whether two paths lead to one and the same file, as far as that can be told.</summary>
    public static bool AreSame(string one, string other)
    {
        var (first, second) = (Of(one), Of(other));
        return first.Inode != 0 ? first == second : string.Equals(RealPath.Of(one), RealPath.Of(other), RealPath.Comparison);
    }

    /// <returns>Whether the system can tell.</returns>
    private static bool TryRead(string path, Span<byte> status, out bool exists)
    {
        exists = false;
        if (!OperatingSystem.IsLinux())
            return false;
        try
        {
            exists = Statx(CurrentDirectory, path, 0, InodeWanted | LinksWanted, ref MemoryMarshal.GetReference(status)) == 0;
            return true;
        }
        catch (EntryPointNotFoundException)
        {
            // An old C library: existence is all that can be told.
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int directory, string path, int flags, uint mask, ref byte status);
}
