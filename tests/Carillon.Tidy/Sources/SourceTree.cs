namespace Carillon.Tidy;

/// <summary>The files that rules look at: those of the repository, or a few planted by a test.</summary>
public sealed class SourceTree(IReadOnlyList<SourceFile> files)
{
    private static readonly Lazy<SourceTree> OfRepository = new(ReadRepository);
    private static readonly HashSet<string> Ignored =
        ["bin", "obj", ".git", "artifacts", "data", "TestResults", "BenchmarkDotNet.Artifacts", "node_modules", ".vs", ".idea", ".vscode"];

    private static readonly HashSet<string> Texts =
        [".cs", ".csproj", ".slnx", ".props", ".targets", ".md", ".sh", ".json", ".txt", ".sql", ".html", ".css", ".js", ".yml", ".yaml", ".svg", ".config", ""];

    public static SourceTree Repository => OfRepository.Value;

    public IReadOnlyList<SourceFile> Files { get; } = files;

    public static SourceTree Of(params (string Path, string Text)[] files) =>
        new([.. files.Select(file => new SourceFile(file.Path, file.Text))]);

    /// <summary>The C# files below the given top folders, or all; what a snapshot holds was not written by hand.</summary>
    public IEnumerable<SourceFile> CSharp(params string[] folders) =>
        Under(".cs", folders).Where(file => !file.Name.EndsWith(".verified.cs", StringComparison.Ordinal));

    /// <summary>The project files below the given top folders, or all.</summary>
    public IEnumerable<SourceFile> Projects(params string[] folders) => Under(".csproj", folders);

    public IEnumerable<SourceFile> Pages() => Under(".md");

    public SourceFile? Find(string path) => Files.FirstOrDefault(file => file.Path == path);

    private IEnumerable<SourceFile> Under(string extension, params string[] folders) => Files
        .Where(file => file.Path.EndsWith(extension, StringComparison.Ordinal))
        .Where(file => folders.Length == 0 || folders.Any(folder => file.Path.StartsWith(folder + "/", StringComparison.Ordinal)));

    private static SourceTree ReadRepository()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "Carillon.slnx")))
            root = root.Parent ?? throw new InvalidOperationException($"No Carillon.slnx above {AppContext.BaseDirectory}: run the tests inside the repository.");
        return new([.. Read(root, root).OrderBy(file => file.Path, StringComparer.Ordinal)]);
    }

    private static IEnumerable<SourceFile> Read(DirectoryInfo root, DirectoryInfo folder)
    {
        var own = folder.EnumerateFiles()
            .Where(file => Texts.Contains(file.Extension) && file.Name != ".git")
            .Select(file => new SourceFile(Path.GetRelativePath(root.FullName, file.FullName).Replace('\\', '/'), File.ReadAllText(file.FullName)));
        var below = folder.EnumerateDirectories()
            .Where(directory => !Ignored.Contains(directory.Name))
            .SelectMany(directory => Read(root, directory));
        return own.Concat(below);
    }
}
