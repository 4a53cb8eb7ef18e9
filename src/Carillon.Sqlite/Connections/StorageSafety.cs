namespace Carillon.Sqlite;

/// <summary>Refuses places where a SQLite log shared by processes can lose messages.</summary>
internal static class StorageSafety
{
    // File systems whose locks or shared memory do not reach every process that may open the file.
    private static readonly HashSet<string> Unsafe = new(StringComparer.Ordinal)
    {
        "nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "fuse.ceph", "glusterfs", "fuse.glusterfs", "lustre", "beegfs", "fuse.sshfs",
        "fuse.s3fs", "fuse.rclone", "fuse.gcsfuse", "fuse.blobfuse2", "davfs", "fuse.davfs2", "ncpfs", "ocfs2", "gfs2", "vboxsf", "prl_fs", "fuse.vmhgfs-fuse",
    };

    /// <exception cref="CarillonConfigurationException">
    /// With <see cref="ErrorCodes.InvalidConfiguration"/> when the folder does not exist, or <see cref="ErrorCodes.UnsafeStorage"/>.
    /// </exception>
    public static void Check(string path)
    {
        var folder = Path.GetDirectoryName(path);
        if (Directory.Exists(path))
            throw new CarillonConfigurationException(ErrorCodes.InvalidConfiguration, $"The SQLite file {path} is a folder. Name a file in it.");
        if (folder is null || !Directory.Exists(folder))
        {
            throw new CarillonConfigurationException(ErrorCodes.InvalidConfiguration,
                $"The folder of the SQLite file {path} does not exist. Create it, or correct \"Data Source\".");
        }

        Check(path, MountTable.FileSystemOf(RealPath.Of(folder)));
        if (FileIdentity.NamesOf(path) is > 1 and var names)
        {
            throw new CarillonConfigurationException(ErrorCodes.UnsafeStorage,
                $"The SQLite file {path} has {names} names (hard links). SQLite keeps its log beside the name that it was opened by, so that two processes with two names damage the file. Remove the other names: find them with \"find -samefile\".");
        }
    }

    public static void Check(string path, string? fileSystem)
    {
        if (fileSystem is not null && Unsafe.Contains(fileSystem))
        {
            throw new CarillonConfigurationException(ErrorCodes.UnsafeStorage,
                $"The SQLite file {path} is on a {fileSystem} file system, where SQLite's locks and shared memory are not reliable and messages can be lost. Put it on a local disk.");
        }
    }
}
