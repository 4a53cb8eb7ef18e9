namespace Carillon.KillTests;

/// <summary>A place in the crew: one process after another fills it.</summary>
/// <param name="Role">What its process does.</param>
/// <param name="Number">Which one of its role it is, from 1.</param>
internal sealed record CrewPlace(RoleName Role, int Number)
{
    public override string ToString() => $"{(Role == RoleName.Publisher ? "publisher" : "handler")}-{Number}";
}
