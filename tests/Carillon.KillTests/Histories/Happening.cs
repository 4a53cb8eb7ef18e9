namespace Carillon.KillTests;

/// <summary>A message as one subscription handles it: what must happen.</summary>
internal readonly record struct Happening(string Subscription, string Key, long Version)
{
    public override string ToString() => $"{Key} version {Version} in {Subscription}";
}
