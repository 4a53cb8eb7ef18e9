#pragma warning disable IDE0130 // The compiler looks for this type in this namespace.
namespace System.Runtime.CompilerServices
#pragma warning restore IDE0130
{
    /// <summary>What the compiler needs for records and init accessors, and .NET Standard 2.0 lacks.</summary>
    internal static class IsExternalInit
    {
    }
}
