namespace Carillon.Transports;

/// <summary>Which program an instance of a service belongs to, for people, and to notice two programs that share a service's name.</summary>
/// <param name="Name">The program's name, as its host knows it.</param>
/// <param name="Version">The program's version, or an empty text when unknown.</param>
public sealed record ApplicationIdentity(string Name, string Version)
{
    /// <summary>Nothing is known.</summary>
    public static ApplicationIdentity Unknown { get; } = new("", "");
}
