namespace Carillon.EntityFrameworkCore.Tests;

/// <summary>A failure that may not come again.</summary>
internal sealed class TransientException() : Exception("The connection was lost.");
