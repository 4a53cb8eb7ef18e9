namespace Carillon.SourceGenerator;

/// <summary>The names of the generator's steps, by which tests see which of them ran again.</summary>
internal static class TrackingNames
{
    public const string Methods = "Methods";
    public const string Classes = "Classes";
    public const string Handlers = "Handlers";
    public const string Declared = "Declared";
    public const string Published = "Published";
    public const string Messages = "Messages";
    public const string Registrations = "Registrations";
    public const string Project = "Project";
}
