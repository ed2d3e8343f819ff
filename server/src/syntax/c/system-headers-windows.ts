/** Windows headers: the data types of the Win32 API (Microsoft Learn, "Windows Data Types"); structs are left out but for the smallest. */

const WINDEF = `
#include <stddef.h>
#include <stdint.h>
#if defined(_WIN32)
#define WINAPI __stdcall
#define CALLBACK __stdcall
#define APIENTRY __stdcall
#define CONST const
#define VOID void
#define FAR
#define NEAR
#define IN
#define OUT
#define MAX_PATH 260
#define DECLSPEC_ALIGN(x) __declspec(align(x))
typedef int BOOL, INT;
typedef unsigned char BYTE, UCHAR, BOOLEAN;
typedef char CHAR, CCHAR;
typedef signed char INT8;
typedef short SHORT, INT16;
typedef unsigned short WORD, USHORT, UINT16, ATOM;
typedef unsigned int UINT, UINT32, DWORD32, ULONG32;
typedef int INT32, LONG32;
typedef long LONG, HRESULT, NTSTATUS;
typedef unsigned long DWORD, ULONG, COLORREF, LCID;
typedef long long LONGLONG, INT64, LONG64;
typedef unsigned long long ULONGLONG, DWORDLONG, UINT64, DWORD64, ULONG64;
typedef unsigned char UINT8;
typedef float FLOAT;
typedef double DOUBLE;
typedef wchar_t WCHAR, *PWSTR, *LPWSTR, *PWCHAR;
typedef const wchar_t *LPCWSTR, *PCWSTR;
typedef char *LPSTR, *PSTR, *PCHAR;
typedef const char *LPCSTR, *PCSTR;
typedef void *PVOID, *LPVOID, *HANDLE, *HLOCAL, *HGLOBAL;
typedef const void *LPCVOID;
typedef BYTE *PBYTE, *LPBYTE;
typedef WORD *PWORD, *LPWORD;
typedef DWORD *PDWORD, *LPDWORD;
typedef BOOL *PBOOL, *LPBOOL;
typedef LONG *PLONG, *LPLONG;
typedef ULONG *PULONG;
typedef HANDLE *PHANDLE, *LPHANDLE;
typedef __INTPTR_TYPE__ INT_PTR, LONG_PTR, SSIZE_T, LPARAM, LRESULT;
typedef __UINTPTR_TYPE__ UINT_PTR, ULONG_PTR, DWORD_PTR, SIZE_T, WPARAM, SOCKET;
typedef struct HWND__ *HWND;
typedef struct HINSTANCE__ *HINSTANCE;
typedef HINSTANCE HMODULE;
typedef struct HKEY__ *HKEY;
typedef struct HDC__ *HDC;
typedef struct HICON__ *HICON;
typedef struct HMENU__ *HMENU;
typedef struct HBRUSH__ *HBRUSH;
typedef struct _GUID { unsigned long Data1; unsigned short Data2; unsigned short Data3; unsigned char Data4[8]; } GUID, IID, CLSID;
typedef struct _FILETIME { DWORD dwLowDateTime; DWORD dwHighDateTime; } FILETIME, *PFILETIME, *LPFILETIME;
typedef struct tagPOINT { LONG x; LONG y; } POINT, *PPOINT, *LPPOINT;
typedef struct tagSIZE { LONG cx; LONG cy; } SIZE, *PSIZE, *LPSIZE;
typedef struct tagRECT { LONG left; LONG top; LONG right; LONG bottom; } RECT, *PRECT, *LPRECT;
typedef struct _COORD { SHORT X; SHORT Y; } COORD, *PCOORD;
typedef union _LARGE_INTEGER {
  struct { DWORD LowPart; LONG HighPart; };
  struct { DWORD LowPart; LONG HighPart; } u;
  LONGLONG QuadPart;
} LARGE_INTEGER, *PLARGE_INTEGER;
#endif
`;

const windows = '#include <windef.h>\n';

export const WINDOWS_HEADERS: Readonly<Record<string, string>> = {
  'windef.h': WINDEF,
  'windows.h': windows,
  'Windows.h': windows,
  'winsock2.h': windows,
  'WinSock2.h': windows,
  'minwindef.h': windows,
  'basetsd.h': windows,
  'guiddef.h': windows,
};
