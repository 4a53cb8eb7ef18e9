namespace Carillon.SourceGenerator.Models;

/// <summary>A class with its handlers: what one generated file is about.</summary>
/// <param name="Class">The class.</param>
/// <param name="FileName">The name of the generated file.</param>
/// <param name="Handlers">Its handlers, in the order in which they are added.</param>
internal sealed record HandlerClassModel(TypeModel Class, string FileName, EquatableArray<HandlerModel> Handlers)
{
    /// <summary>The name of the generated class that calls the handlers.</summary>
    public string GeneratedClass => $"{Class.Identifier}_Handlers";

    /// <summary>Whether only code that is obsolete itself may call its handlers.</summary>
    public bool IsObsolete => Handlers.Any(handler => handler.IsObsolete);

    /// <summary>Groups handlers by their class. The order depends on names only, and within a file on the source.</summary>
    public static IEnumerable<HandlerClassModel> Group(IEnumerable<HandlerModel> handlers)
    {
        var fileNames = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var classes = handlers
            .OrderBy(handler => handler.SourceFile, StringComparer.Ordinal)
            .GroupBy(handler => handler.Class)
            .OrderBy(group => group.Key.FullName, StringComparer.Ordinal);
        foreach (var group in classes)
        {
            // The compiler refuses file names that differ in case only.
            var name = group.Key.FullName.Replace("@", "");
            var fileName = $"Handlers.{name}.g.cs";
            for (var i = 2; !fileNames.Add(fileName); i++)
                fileName = $"Handlers.{name}.{i}.g.cs";
            yield return new(group.Key, fileName, new(group));
        }
    }
}
