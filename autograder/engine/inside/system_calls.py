"""The system calls of Linux, each with the reason why a worker has it or has it not.

A worker may make the calls of ``ALLOWED`` and no other. ``REFUSED`` decides nothing: it says of each of the rest what
it would reach. Each row is a name, its number on x86_64 and its number on aarch64.

References
----------
Linux 6.1: ``arch/x86/entry/syscalls/syscall_64.tbl``, ``include/uapi/asm-generic/unistd.h``.
"""

from __future__ import annotations

# fmt: off
ALLOWED = {
    "reads and writes what is open already": """
        read 0 63  write 1 64  readv 19 65  writev 20 66  pread64 17 67  pwrite64 18 68  preadv 295 69  pwritev 296 70
        preadv2 327 286  pwritev2 328 287  lseek 8 62  sendfile 40 71  copy_file_range 326 285  fsync 74 82
        fdatasync 75 83  readahead 187 213  fadvise64 221 223
    """,
    "its own memory, bounded by the limit on it": """
        mmap 9 222  munmap 11 215  mremap 25 216  brk 12 214  mprotect 10 226  madvise 28 233  msync 26 227
        mincore 27 232  mbind 237 235  set_mempolicy 238 237  get_mempolicy 239 236
    """,
    "threads of its own, which the zygote counts, and waiting for them": """
        clone 56 220  futex 202 98  set_robust_list 273 99  set_tid_address 218 96  rseq 334 293  membarrier 324 283
        sched_yield 24 124  exit 60 93  exit_group 231 94  wait4 61 260  waitid 247 95  gettid 186 178  getcpu 309 168
        arch_prctl 158 -  prctl 157 167
    """,
    "files, as far as the view, Landlock and the size of the scratch folder let it": """
        open 2 -  openat 257 56  creat 85 -  close 3 57  stat 4 -  fstat 5 80  lstat 6 -  newfstatat 262 79
        statx 332 291  access 21 -  faccessat 269 48  readlink 89 -  readlinkat 267 78  getdents 78 -
        getdents64 217 61  getcwd 79 17  chdir 80 49  fchdir 81 50  mkdir 83 -  mkdirat 258 34  rmdir 84 -
        unlink 87 -  unlinkat 263 35  rename 82 -  renameat 264 38  renameat2 316 276  truncate 76 45  ftruncate 77 46
        fallocate 285 47  umask 95 166  statfs 137 43  fstatfs 138 44  getxattr 191 8  lgetxattr 192 9
        fgetxattr 193 10  listxattr 194 11  llistxattr 195 12  flistxattr 196 13
    """,
    "descriptors, 64 at most, and waiting for them": """
        dup 32 23  dup2 33 -  dup3 292 24  pipe 22 -  pipe2 293 59  poll 7 -  ppoll 271 73  select 23 -
        pselect6 270 72  epoll_create 213 -  epoll_create1 291 20  epoll_ctl 233 21  epoll_wait 232 -
        epoll_pwait 281 22  eventfd 284 -  eventfd2 290 19  timerfd_create 283 85  timerfd_settime 286 86
        timerfd_gettime 287 87  signalfd 282 -  signalfd4 289 74  fcntl 72 25  ioctl 16 29
    """,
    "signals to itself": """
        rt_sigaction 13 134  rt_sigprocmask 14 135  rt_sigreturn 15 139  rt_sigpending 127 136
        rt_sigtimedwait 128 137  rt_sigsuspend 130 133  sigaltstack 131 132  pause 34 -  kill 62 129  tgkill 234 131
        restart_syscall 219 128
    """,
    "clocks and alarms of its own": """
        nanosleep 35 101  clock_nanosleep 230 115  clock_gettime 228 113  clock_getres 229 114  gettimeofday 96 169
        time 201 -  times 100 153  getitimer 36 102  setitimer 38 103  alarm 37 -  timer_create 222 107
        timer_settime 223 110  timer_gettime 224 108  timer_getoverrun 225 109  timer_delete 226 111
    """,
    "what it may know about itself and the machine": """
        getpid 39 172  getppid 110 173  getpgrp 111 -  getpgid 121 155  getsid 124 156  getuid 102 174
        geteuid 107 175  getgid 104 176  getegid 108 177  getresuid 118 148  getresgid 120 150  getgroups 115 158
        capget 125 90  uname 63 160  sysinfo 99 179  getrusage 98 165  getpriority 140 141  getrandom 318 278
        sched_getaffinity 204 123  sched_getparam 143 121  sched_getscheduler 145 120  sched_get_priority_max 146 125
        sched_get_priority_min 147 126  sched_rr_get_interval 148 127  sched_getattr 315 275
    """,
    "its own limits, downwards": """
        getrlimit 97 163  setrlimit 160 164  prlimit64 302 261
    """,
}
REFUSED = {
    "another process, or a program": """
        fork 57 -  vfork 58 -  execve 59 221  execveat 322 281  ptrace 101 117  process_vm_readv 310 270
        process_vm_writev 311 271  kcmp 312 272  tkill 200 130  rt_sigqueueinfo 129 138  rt_tgsigqueueinfo 297 240
        setpriority 141 140  sched_setparam 142 118  sched_setscheduler 144 119  sched_setattr 314 274
        sched_setaffinity 203 122  ioprio_set 251 30  ioprio_get 252 31  migrate_pages 256 238  move_pages 279 239
        get_robust_list 274 100
    """,
    "the network": """
        socket 41 198  connect 42 203  accept 43 202  accept4 288 242  sendto 44 206  recvfrom 45 207  sendmsg 46 211
        recvmsg 47 212  sendmmsg 307 269  recvmmsg 299 243  shutdown 48 210  bind 49 200  listen 50 201
        getsockname 51 204  getpeername 52 205  socketpair 53 199  setsockopt 54 208  getsockopt 55 209
    """,
    "memory, messages and locks shared with others": """
        shmget 29 194  shmat 30 196  shmctl 31 195  shmdt 67 197  semget 64 190  semop 65 193  semctl 66 191
        semtimedop 220 192  msgget 68 186  msgsnd 69 189  msgrcv 70 188  msgctl 71 187  mq_open 240 180
        mq_unlink 241 181  mq_timedsend 242 182  mq_timedreceive 243 183  mq_notify 244 184  mq_getsetattr 245 185
        add_key 248 217  request_key 249 218  keyctl 250 219  flock 73 32
    """,
    "being told what others do with files": """
        inotify_init 253 -  inotify_init1 294 26  inotify_add_watch 254 27  inotify_rm_watch 255 28
        fanotify_init 300 262  fanotify_mark 301 263
    """,
    "memory beside the limit": """
        memfd_create 319 279  mlock 149 228  mlock2 325 284  mlockall 151 230  munlock 150 229  munlockall 152 231
        remap_file_pages 216 234
    """,
    "the disks of the whole machine": """
        sync 162 81  syncfs 306 267  sync_file_range 277 84
    """,
    "another view of the machine": """
        mount 165 40  umount2 166 39  pivot_root 155 41  chroot 161 51  unshare 272 97  setns 308 268
        name_to_handle_at 303 264  open_by_handle_at 304 265  link 86 -  linkat 265 37  symlink 88 -  symlinkat 266 36
    """,
    "modes, owners, times and attributes of files": """
        mknod 133 -  mknodat 259 33  chmod 90 -  fchmod 91 52  fchmodat 268 53  chown 92 -  fchown 93 55  lchown 94 -
        fchownat 260 54  setxattr 188 5  lsetxattr 189 6  fsetxattr 190 7  removexattr 197 14  lremovexattr 198 15
        fremovexattr 199 16  utime 132 -  utimes 235 -  futimesat 261 -  utimensat 280 88
    """,
    "being somebody else": """
        setuid 105 146  setgid 106 144  setreuid 113 145  setregid 114 143  setresuid 117 147  setresgid 119 149
        setfsuid 122 151  setfsgid 123 152  setgroups 116 159  setpgid 109 154  setsid 112 157  capset 126 91
    """,
    "the kernel's rarer corners, which no answer needs": """
        bpf 321 280  perf_event_open 298 241  userfaultfd 323 282  seccomp 317 277  personality 135 92
        modify_ldt 154 -  set_thread_area 205 -  get_thread_area 211 -  io_setup 206 0  io_destroy 207 1
        io_submit 209 2  io_cancel 210 3  io_getevents 208 4  io_pgetevents 333 292  splice 275 76  tee 276 77
        vmsplice 278 75  pkey_mprotect 329 288  pkey_alloc 330 289  pkey_free 331 290  lookup_dcookie 212 18
        nfsservctl 180 42  ustat 136 -  sysfs 139 -  uselib 134 -  _sysctl 156 -  create_module 174 -
        get_kernel_syms 177 -  query_module 178 -  init_module 175 105  finit_module 313 273  delete_module 176 106
        kexec_load 246 104  kexec_file_load 320 294  getpmsg 181 -  putpmsg 182 -  afs_syscall 183 -  tuxcall 184 -
        security 185 -  vserver 236 -  epoll_ctl_old 214 -  epoll_wait_old 215 -
    """,
    "the machine itself": """
        reboot 169 142  swapon 167 224  swapoff 168 225  acct 163 89  quotactl 179 60  iopl 172 -  ioperm 173 -
        syslog 103 116  vhangup 153 58  settimeofday 164 170  clock_settime 227 112  clock_adjtime 305 266
        adjtimex 159 171  sethostname 170 161  setdomainname 171 162
    """,
}
# fmt: on

# Calls added since Linux 5.1 have the same number everywhere, from 424 on. Only these exist for a worker; the others,
# clone3 among them, answer "no such call", and the C library falls back to the older one.
FIRST_NEW = 424
ALLOWED_NEW = {
    "close_range": 436,  # as close
    "openat2": 437,  # as openat
    "faccessat2": 439,  # as faccessat
    "epoll_pwait2": 441,  # as epoll_pwait
    "futex_waitv": 449,  # as futex, and so are the three below
    "futex_wake": 454,
    "futex_wait": 455,
    "futex_requeue": 456,
    "map_shadow_stack": 453,  # a thread's own
    "mseal": 462,  # its own memory
}


def numbers(table: dict[str, str], column: int) -> dict[str, int]:
    """The calls of a table by name.

    Parameters
    ----------
    table : dict of str to str
        ``ALLOWED`` or ``REFUSED``.
    column : int
        0 for x86_64, 1 for aarch64, which lacks some.

    Examples
    --------
    >>> numbers(REFUSED, 0)["fork"], "fork" in numbers(REFUSED, 1)
    (57, False)
    """
    words = " ".join(table.values()).split()
    rows = zip(words[::3], words[1 + column :: 3])
    return {name: int(number) for name, number in rows if number != "-"}
