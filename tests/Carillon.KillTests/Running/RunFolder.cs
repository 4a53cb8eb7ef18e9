namespace Carillon.KillTests;

/// <summary>Where a run keeps its files. What the harness made by itself it also removes, unless somebody wants to look at it.</summary>
internal sealed class RunFolder : IDisposable
{
    private RunFolder(string path, bool isKept)
    {
        Path = path;
        IsKept = isKept;
    }

    public string Path { get; }

    /// <summary>Whether the files outlive the run.</summary>
    public bool IsKept { get; private set; }

    /// <exception cref="KillTestArgumentException">The folder that was asked for holds something already.</exception>
    public static RunFolder Create(KillTestArguments arguments)
    {
        if (arguments.Folder is null)
            return new RunFolder(Directory.CreateTempSubdirectory("carillon-kill-").FullName, arguments.Keep);
        var folder = Directory.CreateDirectory(arguments.Folder);
        return folder.EnumerateFileSystemInfos().Any()
            ? throw new KillTestArgumentException($"--folder {folder.FullName} is not empty: histories of two runs cannot be told apart.")
            : new RunFolder(folder.FullName, isKept: true);
    }

    /// <summary>Leaves the folder where it is, and tells where.</summary>
    public string Keep()
    {
        IsKept = true;
        return Path;
    }

    public void Dispose()
    {
        if (!IsKept)
            Directory.Delete(Path, recursive: true);
    }
}
